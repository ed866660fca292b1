import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import { customerSearchText } from "../../db/schema/billing.ts"
import { priorities, ticketSearchText, ticketSources, ticketStatuses } from "../../db/schema/support.ts"
import { searchQuery } from "../transcript/searchQuery.ts"
import { isTroubled } from "./isTroubled.ts"
import { isLate, type LateLimit } from "./lateLimits.ts"
import { actorsOf } from "./staffName.ts"

const text = (most: number) => z.optional(z.catch(z.string().check(z.trim(), z.maxLength(most)), ""))
const choice = <const Values extends readonly string[]>(values: Values) =>
  z.optional(z.catch(z.enum(["", ...values]), ""))

/** Filters as they stand in an address; what does not fit is as if it were not there. */
export const ticketFilter = z.object({
  /** A number, or three characters or more of the opener, the subject, the customer, or of what was said. */
  q: text(200),
  status: choice([...ticketStatuses, "active"]),
  /** Who is to write next. */
  owes: choice(["us", "customer"]),
  category: text(40),
  priority: choice(priorities),
  source: choice(ticketSources),
  /** `nobody`, `me`, or an actor as `<kind>:<id>`. */
  claimed: z.optional(z.catch(z.string().check(z.regex(/^(nobody|me|(staff|discord|apiKey):[\w-]{1,60})?$/)), "")),
  overdue: choice(["yes"]),
  trouble: choice(["yes"]),
  /** A Discord user id, or an address. */
  opener: text(254),
  customer: z.optional(z.catch(z.union([z.literal(""), z.uuid()]), "")),
  sort: z.optional(z.catch(z.enum(["-opened", "opened"]), "-opened")),
})
export type TicketFilter = z.infer<typeof ticketFilter>

/** What a search pattern takes literally. */
const literal = (value: string) => value.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** The filter as conditions on `tickets t`, all of which must hold. `me` is whoever asks, as an actor. */
export function ticketConditions(
  filter: TicketFilter,
  { me, now, limits }: { me: string; now: Date; limits: LateLimit[] },
): SQL[] {
  const { q = "", status, owes, category, priority, source, claimed, opener, customer } = filter
  const conditions: SQL[] = [sql`true`]
  if (status === "active") conditions.push(sql`t.status <> 'closed'`)
  else if (status) conditions.push(sql`t.status = ${status}`)
  if (owes)
    conditions.push(sql`t.status in ('opening', 'open') and t.last_from = ${owes === "us" ? "opener" : "staff"}`)
  if (category) conditions.push(sql`t.category_id = ${category}`)
  if (priority) conditions.push(sql`t.priority = ${priority}`)
  if (source) conditions.push(sql`t.source = ${source}`)
  if (claimed === "nobody") conditions.push(sql`t.claimed_by is null`)
  else if (claimed) conditions.push(sql`t.claimed_by in ${actorsOf(claimed === "me" ? me : claimed)}`)
  if (filter.overdue) conditions.push(isLate(limits))
  if (filter.trouble) conditions.push(isTroubled(now))
  if (opener) conditions.push(sql`(t.opener_id = ${opener} or t.opener_email = ${opener.toLowerCase()})`)
  if (customer) conditions.push(sql`t.customer_id = ${customer}`)
  const number = /^#?(\d{1,15})$/.exec(q)?.[1]
  if (number) conditions.push(sql`t.number = ${Number(number)}`)
  else if (q.length >= 3) conditions.push(isFound(q))
  return conditions
}

/** Messages looked through at most: a word that more of them say tells no ticket from another. */
const mostMessages = 10_000

function isFound(q: string): SQL {
  const pattern = `%${literal(q.toLowerCase())}%`
  return sql`t.id in (
    select id from tickets where ${ticketSearchText} like ${pattern} or opener_id = ${q}
    union all select id from tickets where customer_id in (select id from customers where ${customerSearchText} like ${pattern})
    union all (select m.ticket_id from ticket_message_words w join ticket_messages m on m.id = w.message_id
      where w.words @@ ${searchQuery(q)} limit ${mostMessages}))`
}
