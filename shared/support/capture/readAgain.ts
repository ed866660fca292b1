import { listMessages } from "../../vendors/discord/messages.ts"
import type { ReadPlace } from "./captureTicket.ts"
import { keptMessage } from "./keptMessage.ts"
import { kindsOfAuthors } from "./kindsOfAuthors.ts"
import { byId, pageSize } from "./readLatest.ts"
import { laterSnowflake } from "./snowflake.ts"
import { writePage } from "./writePage.ts"

/** Everything that was said, from the newest message to the first; goes on where a reading before ended. */
export const readAgain: ReadPlace = async (ctx, ticket, place) => {
  const { channelId, cursor } = place
  let found = 0
  let before = place.rereadTo ?? undefined
  for (;;) {
    const listedAt = ctx.now()
    const page = await listMessages(ctx.vendors.discord, { channelId, limit: pageSize, ...(before && { before }) })
    if (!page) return "lost"
    const messages = page.sort(byId)
    const [oldest] = messages
    const newest = messages.at(-1)
    if (!oldest || !newest) {
      // After a page that was full there are none left; before any, it looks as if the bot may not read them.
      const complete = before && before !== place.rereadTo && { from: channelId, to: justBefore(before) }
      if (complete) found += await writePage(ctx, ticket.id, place, { messages: [], listedAt, complete })
      return { found, more: false }
    }
    const full = messages.length === pageSize
    const kindOf = await kindsOfAuthors(ctx, ticket, messages)
    found += await writePage(ctx, ticket.id, place, {
      messages: messages.map((message) => keptMessage(message, kindOf(message))),
      listedAt,
      complete: {
        from: full ? oldest.id : channelId,
        to: before ? justBefore(before) : laterSnowflake(cursor ?? "0", newest.id),
      },
      rereadTo: full ? oldest.id : undefined,
    })
    if (!full) return { found, more: false }
    before = oldest.id
  }
}

const justBefore = (id: string) => String(BigInt(id) - 1n)
