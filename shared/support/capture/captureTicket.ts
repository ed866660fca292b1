import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { ticketRef } from "../ticketRef.ts"
import type { CapturePlace } from "./capturePlace.ts"
import { type ClaimedCapture, claimCapture } from "./claimCapture.ts"
import { noteFailedCapture } from "./noteFailedCapture.ts"
import { noteLostPlace } from "./noteLostPlace.ts"
import { readAgain } from "./readAgain.ts"
import { readLatest } from "./readLatest.ts"
import { settleCapture } from "./settleCapture.ts"

export type Captured =
  /** `more`: there is more to read than was read at once; it goes on by itself. */
  | { outcome: "captured"; found: number; more: boolean }
  | { outcome: "lost" }
  | { outcome: "failed"; error: AppError }
  /** It is not open, or has no place in Discord. */
  | { outcome: "none" }

export type CaptureContext = Context<{ discord: DiscordRest }, "tickets">

/**
 * Keeps what has been said, reworded or deleted in a ticket's place, and says when to look again. What fails is written on
 * the ticket and tried again later. `final`, for a ticket that is being closed: everything is read once more, and what
 * fails is thrown.
 */
export async function captureTicket(
  ctx: CaptureContext,
  { id, final = false }: { id: string; final?: boolean },
): Promise<Captured> {
  const ticket = await claimCapture(ctx, { id, final })
  if (!ticket) return { outcome: "none" }
  try {
    const captured = { outcome: "captured" as const, found: 0, more: false }
    let lost = false
    for (const place of ticket.places) {
      const read = await readPlace(ctx, ticket, place, final)
      if (read !== "lost") {
        captured.found += read.found
        captured.more ||= read.more
      } else if (await noteLostPlace(ctx, ticket, place, { final })) lost = true
    }
    if (lost) return { outcome: "lost" }
    const { filesWaiting } = await settleCapture(ctx, { id, final, ...captured })
    const ids = [
      ...(filesWaiting ? [ticketRef("files", id)] : []),
      ...(captured.more && !final ? [ticketRef("capture", id)] : []),
    ]
    if (ids.length > 0) await ctx.queues.tickets.send({ ids })
    return captured
  } catch (thrown) {
    if (final || !(thrown instanceof AppError)) throw thrown
    await noteFailedCapture(ctx, { id, error: thrown })
    return { outcome: "failed", error: thrown }
  }
}

async function readPlace(ctx: CaptureContext, ticket: ClaimedCapture, place: CapturePlace, final: boolean) {
  const latest = await readLatest(ctx, ticket, place)
  if (!final || latest === "lost") return latest
  const again = await readAgain(ctx, ticket, place)
  return again === "lost" ? again : { found: latest.found + again.found, more: false }
}

export type ReadPlace = (
  ctx: CaptureContext,
  ticket: ClaimedCapture,
  place: CapturePlace,
) => Promise<{ found: number; more: boolean } | "lost">
