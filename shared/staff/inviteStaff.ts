import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"
import { roles } from "./roles.ts"

const shape = z.object({
  email: z.email().check(z.toLowerCase(), z.maxLength(254)),
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  role: z.enum(roles),
})

/** Lets somebody sign in with this address. Throws `bad_request` for a form that does not fit, `conflict` when known. */
export async function inviteStaff(ctx: Context, given: unknown): Promise<void> {
  requirePermission(ctx, "staff:write")
  const read = shape.safeParse(given)
  if (!read.success) throw new AppError("bad_request", "An e-mail address, a name and a role are needed.")
  const { email, name, role } = read.data
  const id = crypto.randomUUID()
  const [added] = await batch(ctx.db, [
    sql`insert into staff (id, email, name, role, created_at)
      values (${id}, ${email}, ${name}, ${role}, ${ctx.now().toISOString()}) on conflict (email) do nothing returning id`,
    auditEntry(ctx, {
      action: "staff.invited",
      subject: { type: "staff", id },
      after: { email, name, role },
      where: sql`exists (select from staff where id = ${id})`,
    }),
  ])
  if (added?.rows.length === 0) throw new AppError("conflict", `${email} is on the staff already.`)
}
