import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { readCursor, writeCursor } from "../../crm/cursor.ts"
import { isUuid } from "../../db/isUuid.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { forOpener } from "./forOpener.ts"
import { selectEntries } from "./selectEntries.ts"
import { type TranscriptEntry, transcriptEntry } from "./transcriptEntry.ts"

/** Whose eyes it is for. The opener sees neither notes among staff nor what staff decided among themselves. */
export type Reader = "staff" | "opener"

export interface TranscriptInput {
  ticketId: string
  for: Reader
  cursor?: string | undefined
  limit?: number | undefined
  /** Only messages that say this. */
  q?: string | undefined
}

export interface TranscriptTicket {
  id: string
  number: number
  subject: string
  category: string
  status: "opening" | "open" | "closing" | "closed"
  openerName: string
  openedAt: Date
  firstResponseAt: Date | null
  closedAt: Date | null
  closeReason: string | null
  answers: { question: string; answer: string }[]
  rating: number | null
  ratingComment: string | null
  /** Of the business. */
  brand: string
}

export interface Transcript {
  ticket: TranscriptTicket
  /** Oldest first. */
  entries: TranscriptEntry[]
  /** Of the next page; null on the last. */
  next: string | null
}

const ticketRow = z.object({
  id: z.string(),
  number: z.coerce.number(),
  subject: z.string(),
  category: z.string(),
  status: z.enum(["opening", "open", "closing", "closed"]),
  openerName: z.string(),
  openedAt: z.coerce.date(),
  firstResponseAt: z.nullable(z.coerce.date()),
  closedAt: z.nullable(z.coerce.date()),
  closeReason: z.nullable(z.string()),
  answers: z.array(z.object({ question: z.string(), answer: z.string() })),
  rating: z.nullable(z.number()),
  ratingComment: z.nullable(z.string()),
})

/**
 * One page of everything that was said in a ticket and happened to it, from what is kept here alone. For the opener,
 * whoever calls has seen that it is them. Throws `not_found`.
 */
export async function readTranscript(ctx: Context, input: TranscriptInput): Promise<Transcript> {
  if (input.for === "staff") requirePermission(ctx, "tickets:read")
  if (!isUuid(input.ticketId)) throw noTicket()
  const limit = input.limit ?? 200
  const after = input.cursor ? readCursor(input.cursor, isUuid) : null
  const [settingRows, found, said] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.execute(sql`
      select t.id, t.number, t.subject, coalesce(c.name, t.category_id) as category, t.status, t.opener_name as "openerName",
        t.opened_at as "openedAt", t.first_response_at as "firstResponseAt", t.closed_at as "closedAt",
        t.close_reason as "closeReason", t.answers, t.rating, t.rating_comment as "ratingComment"
      from tickets t left join ticket_categories c on c.id = t.category_id where t.id = ${input.ticketId}::uuid`),
    ctx.db.execute(selectEntries({ ticketId: input.ticketId, reader: input.for, after, limit: limit + 1, q: input.q })),
  ])
  if (!found.rows[0]) throw noTicket()
  const entries = said.rows.slice(0, limit).map((row) => transcriptEntry.parse(row.entry))
  const last = said.rows.length > limit ? entries.at(-1) : undefined
  return {
    ticket: { ...ticketRow.parse(found.rows[0]), brand: parseSettings(settingRows).brand.name },
    entries: input.for === "staff" ? entries : entries.map(forOpener),
    next: last ? writeCursor(last.cursorAt, last.id) : null,
  }
}

const noTicket = () => new AppError("not_found", "There is no such ticket.")
