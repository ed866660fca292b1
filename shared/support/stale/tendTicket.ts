import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { tickets } from "../../db/schema/support.ts"
import { toAppError } from "../../errors.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import { DiscordRateLimit } from "../../vendors/discord/discordError.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import { captureTicket } from "../capture/captureTicket.ts"
import type { TicketRow } from "../carryTicket.ts"
import { warningMail } from "../mail/warningMail.ts"
import { checkOpener } from "../members/checkOpener.ts"
import { discordUserOf } from "../members/discordUserOf.ts"
import { removePlace } from "../place/removePlace.ts"
import { loadSupport, type SupportSetup } from "../supportSetup.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { closeByItself } from "../work/closeByItself.ts"
import { nextStep } from "./nextStep.ts"

/**
 * Does what time alone asks for: reminds the side that owes the reply, warns, closes what nobody answers or whose opener
 * has left, and takes the place of a closed ticket away. Each is done once, whoever is asked how often.
 */
export async function tendTicket(ctx: TicketContext, { id }: { id: string }): Promise<void> {
  const setup = await loadSupport(ctx)
  const [ticket] = await ctx.db.select().from(tickets).where(sql`${tickets.id}::text = ${id}`)
  if (!ticket) return
  try {
    await tend(ctx, ticket, setup)
  } catch (thrown) {
    if (thrown instanceof DiscordRateLimit) {
      // To have to wait is no failure.
      await ctx.db.execute(sql`update tickets set tend_at = ${thrown.retryAt.toISOString()} where id = ${ticket.id}`)
      return
    }
    const { message } = toAppError(thrown)
    ctx.log.error("ticket not tended to", { ticket: ticket.id, number: ticket.number, error: message })
    await batch(ctx.db, [
      sql`update tickets set tend_at = ${new Date(ctx.now().getTime() + tryAgainMilliseconds).toISOString()}, error = ${message.slice(0, 1000)}
        where id = ${ticket.id}`,
      notifyStaff(ctx, {
        key: `tend:${ticket.id}:${ctx.now().toISOString().slice(0, 10)}`,
        message: `Ticket #${ticket.number}: what time asks for cannot be done in Discord: ${message}`,
      }),
    ])
  }
}

async function tend(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<void> {
  const stepOf = (row: TicketRow) => nextStep(row, setup.settings.support, ctx.now())
  const step = stepOf(ticket)
  if (step === null) return await forgetTrouble(ctx, ticket)
  if (step === "remove") return await removePlace(ctx, ticket)
  const asSaid = await withWhatWasSaid(ctx, ticket)
  if (!asSaid) return
  switch (stepOf(asSaid)) {
    case "remind":
      return await remind(ctx, asSaid, setup)
    case "warn":
      return await warn(ctx, asSaid, setup)
    case "close":
      return await closeByItself(ctx, { id: asSaid.id, reason: "There was no answer." })
    case "remove":
    case null:
  }
}

/**
 * The ticket after another look at what was said in it: looks at a silent one are far apart. Null where there is more than was
 * read at once; throws where it cannot be read.
 */
async function withWhatWasSaid(ctx: TicketContext, ticket: TicketRow): Promise<TicketRow | null> {
  if (ticket.source !== "discord") return ticket
  const captured = await captureTicket(ctx, { id: ticket.id })
  if (captured.outcome === "failed") throw captured.error
  if (captured.outcome === "captured" && captured.more) return null
  const [row] = await ctx.db.select().from(tickets).where(sql`${tickets.id} = ${ticket.id}`)
  return row ?? null
}

/** What failed earlier is not asked for any more. */
async function forgetTrouble(ctx: TicketContext, { id, tendAt }: TicketRow): Promise<void> {
  if (!tendAt || tendAt > ctx.now()) return
  await ctx.db.execute(sql`
    update tickets set tend_at = null, error = case when capture_failures > 0 then error end, version = version + 1
    where id = ${id} and tend_at <= ${ctx.now().toISOString()}::timestamptz and status in ('open', 'closed')`)
}

/** What failed is not tried again for so long. */
const tryAgainMilliseconds = 3_600_000

/** Times of one silence make one nonce, so that a message of two at once is one. */
const silence = ({ lastMessageAt }: TicketRow) => Math.floor(lastMessageAt.getTime() / 1000).toString(36)

async function remind(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<void> {
  const { discord } = ctx.vendors
  if (ticket.source === "email") {
    const message = `Ticket #${ticket.number} by mail waits for an answer of ours: ${ticket.subject}`
    await ctx.db.execute(notifyStaff(ctx, { key: `nudge:${ticket.id}:${silence(ticket)}`, message }))
    return await noteDone(ctx, ticket, "nudged")
  }
  const opener = await checkOpener(ctx, { id: ticket.id })
  if (opener === "closed") return
  const staffOwe = ticket.lastFrom === "opener"
  if (opener === "left" && !staffOwe) return await noteDone(ctx, ticket, "nudged")
  const channelId = staffOwe ? (ticket.staffThreadId ?? ticket.channelId) : ticket.channelId
  if (!channelId) return
  const category = setup.categories.find(({ id }) => id === ticket.categoryId)
  const claimer = await discordUserOf(ctx, ticket.claimedBy)
  const role = category?.roleId || setup.settings.support.staffRoleId
  const whom = staffOwe ? (claimer ? `<@${claimer}>` : role ? `<@&${role}>` : "Staff") : `<@${ticket.openerId}>`
  await createMessage(discord, {
    channelId,
    nonce: `nudge-${ticket.number}-${silence(ticket)}`,
    message: {
      content: staffOwe
        ? `${whom}, this ticket waits for an answer of ours.`
        : `${whom}, did that help? Please tell us, or press Close above.`,
      allowed_mentions: {
        parse: [],
        users: staffOwe ? (claimer ? [claimer] : []) : [ticket.openerId ?? ""].filter(Boolean),
        roles: staffOwe && !claimer && role ? [role] : [],
      },
    },
  })
  await noteDone(ctx, ticket, "nudged")
}

async function warn(ctx: TicketContext, ticket: TicketRow, setup: SupportSetup): Promise<void> {
  const { closeHours } = setup.settings.support
  if (ticket.source === "email") {
    await batch(ctx.db, [await warningMail(ctx, ticket, setup.settings)])
    return await noteDone(ctx, ticket, "warned")
  }
  if (!ticket.channelId || !ticket.openerId) return
  const closes = Math.floor(ticket.lastMessageAt.getTime() / 1000) + closeHours * 3600
  await createMessage(ctx.vendors.discord, {
    channelId: ticket.channelId,
    nonce: `warn-${ticket.number}-${silence(ticket)}`,
    message: {
      content: `<@${ticket.openerId}>, without a word from you this ticket is closed <t:${closes}:R>.`,
      allowed_mentions: { parse: [], users: [ticket.openerId] },
    },
  })
  await noteDone(ctx, ticket, "warned")
}

async function noteDone(ctx: TicketContext, ticket: TicketRow, kind: "nudged" | "warned"): Promise<void> {
  const column = sql.identifier(kind === "nudged" ? "nudged_at" : "warned_at")
  await batch(ctx.db, [
    ticketEvent(ctx, {
      ticketId: ticket.id,
      kind,
      once: silence(ticket),
      data: { owes: ticket.lastFrom === "opener" ? "staff" : "opener" },
    }),
    sql`update tickets set ${column} = ${ctx.now().toISOString()}, tend_at = null, error = null, version = version + 1
      where id = ${ticket.id} and date_trunc('milliseconds', last_message_at) = ${ticket.lastMessageAt.toISOString()}`,
  ])
}
