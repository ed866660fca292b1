import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { actorName } from "../staff/actorName.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { refuseErased } from "./refuseErased.ts"

const note = z.object({
  /** Made by the form, so that sending it twice writes one note. */
  noteId: z.uuid(),
  customerId: z.uuid(),
  text: z.string().check(z.trim(), z.minLength(1), z.maxLength(10_000)),
})

export async function addNote(
  ctx: Context,
  input: { noteId: string; customerId: string; text: string },
): Promise<void> {
  requirePermission(ctx, "customers:write")
  const read = note.safeParse({ ...input, text: input.text.replaceAll("\0", "") })
  if (!read.success) throw new AppError("bad_request", "A note has between 1 and 10,000 characters.")
  const { noteId, customerId, text } = read.data
  const label = ctx.actor.kind === "staff" || ctx.actor.kind === "apiKey" ? ctx.actor.name : null
  const written = await ctx.db.execute<{ erased: boolean }>(sql`
    with written as (
      insert into customer_notes (id, customer_id, text, author, author_label, created_at)
      select ${noteId}, id, ${text.toWellFormed()}, ${actorName(ctx.actor)}, ${label}, ${ctx.now().toISOString()}
      from customers where id = ${customerId} and erased_at is null on conflict (id) do nothing)
    select erased_at is not null as erased from customers where id = ${customerId}`)
  refuseErased(written.rows[0])
}
