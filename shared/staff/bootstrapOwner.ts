import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "./auditEntry.ts"

/** SQLSTATE by which the batch below gives up. */
const divisionByZero = "22012"

const input = z.object({
  email: z.email().check(z.toLowerCase(), z.maxLength(254)),
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
})

/** Makes the first owner, once. Throws `conflict` when there is one already, `bad_request` for no address or name. */
export async function bootstrapOwner(ctx: Context, given: { email: string; name: string }): Promise<void> {
  const read = input.safeParse(given)
  if (!read.success) throw new AppError("bad_request", `"${given.email}" is no e-mail address, or the name is empty.`)
  const { email, name } = read.data
  try {
    await batch(ctx.db, [
      // Two who run this at once wait for each other here.
      sql`select pg_advisory_xact_lock(hashtextextended('bootstrap owner', 0))`,
      sql`select 1 / (case when exists (select from staff where role = 'owner' and disabled_at is null) then 0 else 1 end)`,
      sql`insert into staff (id, email, name, role, created_at)
        values (${crypto.randomUUID()}, ${email}, ${name}, 'owner', ${ctx.now().toISOString()})
        on conflict (email) do update set role = 'owner', disabled_at = null`,
      auditEntry(ctx, { action: "owner.bootstrapped", subject: { type: "staff", id: email } }),
    ])
  } catch (thrown) {
    if (sqlState(thrown) !== divisionByZero) throw thrown
    throw new AppError("conflict", "There is an owner already; owners make further staff in the browser.")
  }
}
