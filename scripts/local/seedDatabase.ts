import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import type { Database } from "../../shared/db/client.ts"
import { silentLogger } from "../../shared/log.ts"

/** The rules, sequences and templates that Ops HQ ships with, where they are not there yet. */
export async function seedDatabase(db: Database): Promise<void> {
  await seedDefaults({
    db,
    now: () => new Date(),
    actor: { kind: "job", name: "seed" },
    requestId: "seed",
    log: silentLogger,
    queues: {},
    vendors: {},
  })
}
