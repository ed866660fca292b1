import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"

/** Minutes for which a question stays open. */
const openMinutes = 15

/** What is asked again before it is done: `about` names what was shown, so that a yes is to that and nothing else. */
export interface Question {
  action: string
  about: string
}

/** Asks the member of staff at the page whether they mean it; the answer is the id that this returns. */
export async function askConfirmation(ctx: Context, question: Question): Promise<string> {
  const { id, statement } = prepareConfirmation(ctx, question)
  await ctx.db.execute(statement)
  return id
}

/** The same for the batch that reads what is asked about. */
export function prepareConfirmation(ctx: Context, question: Question): { id: string; statement: SQL } {
  const { actor } = ctx
  if (actor.kind !== "staff") throw new AppError("forbidden", "Only staff are asked to confirm.")
  const id = crypto.randomUUID()
  const expires = new Date(ctx.now().getTime() + openMinutes * 60_000).toISOString()
  const statement = sql`
    insert into staff_confirmations (id, staff_id, action, about, expires_at)
    values (${id}, ${actor.id}, ${question.action}, ${question.about}, ${expires})`
  return { id, statement }
}

/**
 * Lets a money or mass action pass that staff were asked about and said yes to, once. Scripts and jobs say what they
 * mean by calling. Throws `conflict` where nobody was asked, somebody else was, it is used, or too old.
 */
export async function requireConfirmation(
  ctx: Context,
  question: Question & { confirmation: string | undefined },
): Promise<void> {
  const { actor } = ctx
  if (actor.kind !== "staff") return
  const now = ctx.now().toISOString()
  const used = await ctx.db.execute(sql`
    update staff_confirmations set used_at = ${now}
    where id::text = ${question.confirmation ?? ""} and staff_id = ${actor.id} and action = ${question.action}
      and about = ${question.about} and used_at is null and expires_at > ${now}`)
  if (used.rowCount === 0)
    throw new AppError(
      "conflict",
      "This has to be confirmed, and the confirmation is missing, used, or too old. Ask for it again.",
    )
}
