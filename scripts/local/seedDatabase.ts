import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import type { Context } from "../../shared/context.ts"
import type { Database } from "../../shared/db/client.ts"
import { silentLogger } from "../../shared/log.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"

/** The rules, sequences, templates, ticket categories and canned replies that Ops HQ ships with, where they are not there yet. */
export async function seedDatabase(db: Database): Promise<void> {
  const ctx: Context = {
    db,
    now: () => new Date(),
    actor: { kind: "job", name: "seed" },
    requestId: "seed",
    log: silentLogger,
    queues: {},
    vendors: {},
  }
  await seedDefaults(ctx)
  await seedSupport(ctx)
}
