import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { selectDueCaptures } from "./capture/selectDueCaptures.ts"
import { selectDueFiles } from "./capture/selectDueFiles.ts"
import { selectDueTickets } from "./carryTicket.ts"
import { selectDueOpeners } from "./members/checkOpener.ts"
import { selectDueClaims } from "./place/showClaim.ts"
import { selectDueReplies } from "./reply/deliverReply.ts"
import { isPanelDue } from "./setup/panelVersion.ts"
import { selectDueTending } from "./stale/nextStep.ts"
import { loadSupport } from "./supportSetup.ts"
import { type TicketWork, ticketRef } from "./ticketRef.ts"
import { unfinishedInteractions } from "./unfinishedInteractions.ts"

const limit = 200

/** Everything about tickets whose time has come, as ids for the queue, and how many of each. */
export async function sweepTickets(ctx: Context): Promise<{ refs: string[]; counts: Record<string, number> }> {
  const setup = await loadSupport(ctx)
  const { settings } = setup
  const deletions = await ctx.db.execute(
    sql`select from file_deletions where requested_at <= ${ctx.now().toISOString()}::timestamptz limit 1`,
  )
  const due: Record<TicketWork, string[]> = {
    ticket: await selectDueTickets(ctx, limit),
    reply: await selectDueReplies(ctx, limit),
    interaction: await unfinishedInteractions(ctx, { limit }),
    capture: await selectDueCaptures(ctx, limit),
    files: await selectDueFiles(ctx, limit),
    tend: await selectDueTending(ctx, settings.support, limit),
    opener: await selectDueOpeners(ctx, limit),
    show: await selectDueClaims(ctx, limit),
    deletions: deletions.rowCount > 0 ? ["all"] : [],
    panel: (await isPanelDue(setup, ctx.now())) ? ["now"] : [],
    // Whoever asks for it waits for it, and asks again.
    setup: [],
  }
  const kinds = Object.keys(due) as TicketWork[]
  return {
    refs: kinds.flatMap((kind) => due[kind].map((id) => ticketRef(kind, id))),
    counts: Object.fromEntries(kinds.flatMap((kind) => (due[kind].length > 0 ? [[kind, due[kind].length]] : []))),
  }
}
