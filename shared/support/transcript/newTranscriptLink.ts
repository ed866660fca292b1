import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import type { LinkConfig } from "../work/askOpener.ts"
import { signTranscript, transcriptKey } from "./signTranscript.ts"

/**
 * A link to the transcript for the opener, who reads in it what they could read in the ticket. It is kept nowhere; earlier
 * ones hold until their 90 days are over. Throws `not_found`.
 */
export async function newTranscriptLink(
  ctx: Context & { config: LinkConfig },
  { id }: { id: string },
): Promise<string> {
  requirePermission(ctx, "tickets:write")
  const there = sql`from tickets where id::text = ${id}`
  const [, found] = await batch(ctx.db, [
    auditEntry(ctx, {
      action: "ticket.transcriptLinked",
      subject: { type: "ticket", id },
      where: sql`exists (select ${there})`,
    }),
    sql`select ${there}`,
  ])
  if (found?.rowCount === 0) throw new AppError("not_found", "There is no such ticket.")
  const key = await transcriptKey(ctx.config.linkSecret)
  return `${ctx.config.portalUrl}/transcripts/${await signTranscript(key, id, ctx.now())}`
}
