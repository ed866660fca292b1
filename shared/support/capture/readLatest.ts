import { AppError } from "../../errors.ts"
import { listMessages } from "../../vendors/discord/messages.ts"
import type { ReadPlace } from "./captureTicket.ts"
import { keptMessage } from "./keptMessage.ts"
import { kindsOfAuthors } from "./kindsOfAuthors.ts"
import { compareSnowflakes, laterSnowflake } from "./snowflake.ts"
import { writePage } from "./writePage.ts"

export const pageSize = 100
/** Of a backlog, at once; the rest follows. */
const mostPages = 30

/**
 * The newest messages as they stand: new ones are kept, older ones among them compared. Where there are more new ones, those
 * before come first, page by page, so that whatever is kept is kept without a gap.
 */
export const readLatest: ReadPlace = async (ctx, ticket, place) => {
  const { channelId, cursor } = place
  const { discord } = ctx.vendors
  const listedAt = ctx.now()
  const latest = (await listMessages(discord, { channelId, limit: pageSize }))?.sort(byId)
  if (!latest) return "lost"
  const [oldest] = latest
  const newest = latest.at(-1)
  if (!oldest || !newest) {
    refuseEmptiness(place)
    return { found: 0, more: false }
  }
  const full = latest.length === pageSize
  let found = 0
  let after = laterSnowflake(cursor ?? channelId, channelId)
  for (let pages = 0; full && compareSnowflakes(after, oldest.id) < 0; pages++) {
    if (pages === mostPages) return { found, more: true }
    const page = (await listMessages(discord, { channelId, limit: pageSize, after }))?.sort(byId)
    if (!page) return "lost"
    const before = page.filter(({ id }) => compareSnowflakes(id, oldest.id) < 0)
    const last = before.at(-1)
    if (!last) break
    const kindOf = await kindsOfAuthors(ctx, ticket, before)
    const messages = before.map((message) => keptMessage(message, kindOf(message)))
    found += await writePage(ctx, ticket.id, place, { messages, listedAt, cursor: last.id })
    after = page.at(-1)?.id ?? last.id
  }
  const kindOf = await kindsOfAuthors(ctx, ticket, latest)
  found += await writePage(ctx, ticket.id, place, {
    messages: latest.map((message) => keptMessage(message, kindOf(message))),
    listedAt,
    // What is newer than both may have been said since Discord was asked. The channel's id is older than its messages.
    complete: { from: full ? oldest.id : channelId, to: laterSnowflake(cursor ?? "0", newest.id) },
    cursor: newest.id,
  })
  return { found, more: false }
}

export const byId = (a: { id: string }, b: { id: string }) => compareSnowflakes(a.id, b.id)

/** Discord answers with nothing, and without an error, when the bot may not read what was said before. */
function refuseEmptiness({ channelId, cursor }: { channelId: string; cursor: string | null }): void {
  if (cursor === null || compareSnowflakes(cursor, channelId) <= 0) return
  throw new AppError(
    "vendor_rejected",
    "Discord lists none of this channel's messages any more, though there were some. Check that the bot may read the message history.",
  )
}
