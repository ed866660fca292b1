import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { decideMail } from "./decideMail.ts"
import type { IncomingMail } from "./incomingMail.ts"
import { keepMailFiles } from "./keepMailFiles.ts"
import { loadMailFacts } from "./loadMailFacts.ts"
import { withoutTag } from "./mailAddress.ts"
import { writeMail } from "./writeMail.ts"

/** What was read has changed since; or a row of the same key was written just now. */
const readAgain = ["22012", "23505", "40001", "40P01"]
const mostAttempts = 5

/**
 * Keeps a mail, and lets it open, continue or reopen a ticket, in one batch; a mail that is kept already changes nothing.
 * Returns what came of it, and the message that acknowledges it.
 */
export async function keepMail(
  ctx: Context,
  received: IncomingMail,
): Promise<{ outcome: string; acknowledgementId: string | null }> {
  for (let attempt = 1; ; attempt++) {
    const loaded = await loadMailFacts(ctx, received)
    const { replyTo } = received
    // We answer no address of ours.
    const ours = replyTo !== null && loaded.facts.own.includes(withoutTag(replyTo.email))
    const mail = ours ? { ...received, replyTo: null } : received
    if (loaded.kept) {
      // Staff may have given it a ticket since, where its files belong, too.
      await batch(ctx.db, keepMailFiles(mail))
      return { outcome: "kept before", acknowledgementId: null }
    }
    const decision = decideMail(mail, loaded.facts, ctx.now())
    const { statements, acknowledgementId } = await writeMail(ctx, { mail, loaded, decision })
    try {
      await batch(ctx.db, statements)
      return { outcome: decision.outcome, acknowledgementId }
    } catch (thrown) {
      if (!readAgain.includes(sqlState(thrown) ?? "")) throw thrown
      if (attempt === mostAttempts)
        throw new AppError("conflict", "The ticket of this mail changes too fast.", { cause: thrown })
    }
  }
}
