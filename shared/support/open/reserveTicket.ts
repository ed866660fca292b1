import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { safeFileName } from "../../files/safeFileName.ts"
import type { TicketAnswer } from "../categorySchema.ts"
import { keepable } from "../keepable.ts"
import { suggestCategory } from "../suggest/suggestCategory.ts"
import type { SupportSetup } from "../supportSetup.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { uuidFrom } from "../uuidFrom.ts"

/** Somebody's wish for a ticket, as the form in Discord has it. */
export interface TicketWish {
  /** Of the interaction: the same one again is the same wish. */
  interactionId: string
  interactionToken: string
  guildId: string
  openerId: string
  openerName: string
  categoryId: string
  description: string
  answers: TicketAnswer[]
  files: { id: string; name: string; contentType: string; size: number; url: string }[]
}

export type Reserved =
  | { outcome: "reserved"; id: string; number: number }
  /** One about the same is open; `channelId` is null while its place is being made. */
  | { outcome: "open already"; number: number; channelId: string | null }
  | { outcome: "blocked"; until: Date | null }
  | { outcome: "too soon"; until: Date }

const found = z.object({
  id: z.nullable(z.string()),
  number: z.nullable(z.coerce.number()),
  open_number: z.nullable(z.coerce.number()),
  open_channel: z.nullable(z.string()),
  blocked: z.boolean(),
  blocked_until: z.nullable(z.coerce.date()),
  cooldown_until: z.nullable(z.coerce.date()),
})

/** Characters of the description's first line that stand for it in lists. */
const subjectLength = 100

/**
 * Writes a ticket down before anything is made in Discord, in one batch: one for each person and category that is not
 * closed, whoever clicks how often. Throws `bad_request` for a category that is not there (any more) or an empty wish.
 */
export async function reserveTicket(ctx: Context, setup: SupportSetup, wish: TicketWish): Promise<Reserved> {
  const category = setup.categories.find(({ id, enabled }) => id === wish.categoryId && enabled)
  if (!category) throw new AppError("bad_request", "There is no such category any more. Please open the form again.")
  const description = keepable(wish.description, 4000)
  if (description === "") throw new AppError("bad_request", "Please describe what it is about.")
  const answers = wish.answers.map(({ question, answer }) => ({ question, answer: keepable(answer, 4000) }))
  const enabled = setup.categories.filter((each) => each.enabled)
  const reads = suggestCategory([description, ...answers.map(({ answer }) => answer)].join("\n"), enabled)
  const id = await uuidFrom(`ticket ${wish.interactionId}`)
  const messageId = await uuidFrom(`form ${wish.interactionId}`)
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const cooldown = sql`make_interval(mins => ${setup.settings.support.cooldownMinutes}::integer)`
  const { openerId, guildId } = wish
  const openerName = keepable(wish.openerName, 100) || openerId
  const mine = sql`source = 'discord' and guild_id = ${guildId} and opener_id = ${openerId}`
  const block = sql`subject = ${openerId} and (until is null or until > ${now})`
  const ours = sql`exists (select from tickets where id = ${id})`
  const results = await ctx.db.batch([
    // Fifty clicks at once come one after the other, and the first one is the ticket.
    ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${guildId}:${openerId}`}, 5))`),
    ctx.db.execute(sql`
      insert into tickets (id, source, status, category_id, suggested_category_id, priority, suggested_priority, subject, description, answers, customer_id, opener_id, opener_name,
        guild_id, interaction_token, opened_at, last_message_at, last_from, next_attempt_at)
      select ${id}, 'discord', 'opening', ${category.id}, ${reads.categoryId}, 'normal', ${reads.priority}, ${subjectOf(description)}, ${description}, ${jsonb(answers)},
        (select customer_id from discord_links where user_id = ${openerId}), ${openerId}, ${openerName},
        ${guildId}, ${wish.interactionToken}, ${now}, ${now}, 'opener', ${now}
      where not exists (select from support_blocks where ${block})
        and not exists (select from tickets where ${mine} and status <> 'closed' and category_id = ${category.id})
        and not exists (select from tickets where ${mine} and opened_at > ${now} - ${cooldown})
      on conflict do nothing`),
    ctx.db.execute(sql`
      insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, content, sent_at)
      select ${messageId}, ${id}, 'form', ${openerId}, ${openerName}, 'opener', ${description}, ${now}
      where ${ours} on conflict do nothing`),
    ctx.db.execute(keepFiles(wish, { id, messageId, ours, now })),
    ctx.db.execute(ticketEvent(ctx, { ticketId: id, kind: "opened", data: { category: category.name } })),
    ctx.db.execute(sql`
      select (select id from tickets where id = ${id}) as id, (select number from tickets where id = ${id}) as number,
        (select number from tickets where ${mine} and status <> 'closed' and category_id = ${category.id} and id <> ${id} limit 1) as open_number,
        (select channel_id from tickets where ${mine} and status <> 'closed' and category_id = ${category.id} and id <> ${id} limit 1) as open_channel,
        exists (select from support_blocks where ${block}) as blocked,
        (select until from support_blocks where ${block}) as blocked_until,
        (select max(opened_at) + ${cooldown} from tickets where ${mine}) as cooldown_until`),
  ])
  const told = found.parse(results.at(-1)?.rows[0])
  if (told.id !== null && told.number !== null) return { outcome: "reserved", id: told.id, number: told.number }
  if (told.blocked) return { outcome: "blocked", until: told.blocked_until }
  if (told.open_number !== null)
    return { outcome: "open already", number: told.open_number, channelId: told.open_channel }
  return { outcome: "too soon", until: told.cooldown_until ?? ctx.now() }
}

/** The first line, or as many of its words as fit. */
export function subjectOf(description: string): string {
  const line = keepable(description.split("\n")[0]?.replaceAll(/\s+/g, " ") ?? "", subjectLength + 1)
  if (line.length <= subjectLength) return line || "No subject"
  const cut = keepable(line, subjectLength - 1)
  return `${/^(.{40,})\s\S*$/.exec(cut)?.[1] ?? cut}…`
}

function keepFiles(
  { files }: TicketWish,
  { id, messageId, ours, now }: { id: string; messageId: string; ours: SQL; now: SQL },
): SQL {
  const rows = files.map((file) => ({
    external_id: file.id,
    name: safeFileName(file.name),
    content_type: keepable(file.contentType, 127),
    size: file.size,
    url: file.url,
  }))
  return sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, url, status, next_attempt_at)
    select gen_random_uuid(), ${id}, ${messageId}, f.external_id, f.name, f.content_type, f.size, f.url, 'waiting', ${now}
    from jsonb_to_recordset(${jsonb(rows)}) as f(external_id text, name text, content_type text, size bigint, url text)
    where ${ours} on conflict do nothing`
}
