import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { keysetPage, type Page, type PageInput } from "../../crm/keysetPage.ts"
import { authorKinds } from "../../db/schema/support.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { searchQuery } from "./searchQuery.ts"

export interface MessageSearch extends PageInput {
  /** As in search engines: words, "phrases", or, -without. */
  q: string
  categoryId?: string | undefined
  authorKind?: (typeof authorKinds)[number] | undefined
  from?: Date | undefined
  until?: Date | undefined
}

/** What stands around a word that was searched for, in the excerpt; no text holds them. */
const hit = { start: "\u0002", stop: "\u0003" }
/** In place of `<` and `>`, between which PostgreSQL leaves everything out of an excerpt. */
const angle = { open: "\u0004", close: "\u0005" }

const found = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.coerce.number(),
  subject: z.string(),
  authorName: z.string(),
  authorKind: z.enum(authorKinds),
  internal: z.boolean(),
  sentAt: z.coerce.date(),
  /** Whether what it says by now says it: else an answer of its form, an embed, a file's name or an earlier wording does. */
  inText: z.boolean(),
  /** The part of the message that says it, in pieces. */
  excerpt: z.pipe(z.string(), z.transform(pieces)),
})
export type FoundMessage = z.infer<typeof found>

function pieces(excerpt: string): { text: string; hit: boolean }[] {
  return excerpt
    .replaceAll(angle.open, "<")
    .replaceAll(angle.close, ">")
    .split(hit.start)
    .flatMap((part, index) => {
      const [said = "", rest = ""] = index === 0 ? ["", part] : part.split(hit.stop)
      return [
        { text: said, hit: true },
        { text: rest, hit: false },
      ]
    })
    .filter(({ text }) => text !== "")
}

/**
 * Messages of all tickets that say something, or said it before they were reworded, with their form's answers, embeds and
 * names of files; newest first. Nothing is found by a search without words.
 */
export async function searchMessages(ctx: Context, input: MessageSearch): Promise<Page<FoundMessage>> {
  requirePermission(ctx, "tickets:read")
  const { categoryId, authorKind, from, until } = input
  const query = searchQuery(input.q)
  const inText = sql`to_tsvector('simple', m.content) @@ ${query}`
  const where: SQL[] = [sql`w.words @@ ${query}`]
  if (categoryId) where.push(sql`t.category_id = ${categoryId}`)
  if (authorKind) where.push(sql`m.author_kind = ${authorKind}`)
  if (from) where.push(sql`w.sent_at >= ${from.toISOString()}::timestamptz`)
  if (until) where.push(sql`w.sent_at < ${until.toISOString()}::timestamptz`)
  const options = `StartSel=${hit.start}, StopSel=${hit.stop}, MaxWords=35, MinWords=15, MaxFragments=2, FragmentDelimiter=" … "`
  return keysetPage(
    ctx,
    {
      columns: sql`m.id, m.ticket_id as "ticketId", t.number, t.subject, m.author_name as "authorName", m.author_kind as "authorKind",
        m.internal, m.sent_at as "sentAt", ${inText} as "inText",
        ts_headline('simple', translate(case when ${inText} then m.content else ticket_message_text(m.id) end, ${`<>${hit.start}${hit.stop}`}, ${angle.open + angle.close}), ${query}, ${options}) as excerpt`,
      from: sql`ticket_message_words w join ticket_messages m on m.id = w.message_id join tickets t on t.id = m.ticket_id`,
      where,
      at: sql`w.sent_at`,
      id: sql`w.message_id`,
      idType: "uuid",
      record: found,
    },
    input,
  )
}
