import type { RESTPostAPIChannelMessageJSONBody } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { createMoneyFormat } from "../../money.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { ticketName } from "../place/ticketNames.ts"
import type { SupportSetup } from "../supportSetup.ts"

const facts = z.object({
  customer: z.nullable(
    z.object({
      name: z.nullable(z.string()),
      email: z.nullable(z.string()),
      stage: z.string(),
      stripe_id: z.nullable(z.string()),
    }),
  ),
  plans: z.array(z.object({ status: z.string(), products: z.string() })),
  owed: z.array(z.object({ currency: z.string(), amount: z.coerce.number() })),
  mails: z.array(z.object({ subject: z.nullable(z.string()), status: z.string(), delivery: z.nullable(z.string()) })),
  tickets: z.array(z.object({ number: z.coerce.number(), subject: z.string(), status: z.string() })),
})

/** Everything about the customer that staff need before they answer, for the thread that only they see. */
export async function staffBrief(
  ctx: Context,
  ticket: TicketRow,
  setup: SupportSetup,
): Promise<RESTPostAPIChannelMessageJSONBody> {
  const id = ticket.customerId
  const found = await ctx.db.execute(sql`
    select
      (select jsonb_build_object('name', name, 'email', email, 'stage', stage, 'stripe_id', stripe_id) from customers where id = ${id}) as customer,
      (select coalesce(jsonb_agg(jsonb_build_object('status', s.status, 'products', (
          select coalesce(string_agg(coalesce(p.name, i.product_id), ', '), '') from subscription_items i
          left join products p on p.id = i.product_id where i.subscription_id = s.id))), '[]')
        from subscriptions s where s.customer_id = ${id} and s.status not in ('canceled', 'incomplete_expired')) as plans,
      (select coalesce(jsonb_agg(o), '[]') from (
        select currency, sum(amount_remaining) as amount from invoices where customer_id = ${id} and status = 'open'
        group by currency order by currency) o) as owed,
      (select coalesce(jsonb_agg(m), '[]') from (
        select message ->> 'subject' as subject, status, delivery from email_outbox
        where customer_id = ${id} and status in ('sent', 'failed') order by coalesce(sent_at, due_at) desc limit 3) m) as mails,
      (select coalesce(jsonb_agg(t), '[]') from (
        select number, subject, status from tickets
        where id <> ${ticket.id} and (opener_id = ${ticket.openerId} or customer_id = ${id}) order by opened_at desc limit 5) t) as tickets`)
  const told = facts.parse(found.rows[0])
  const { customer } = told
  const suggested = setup.categories.find(({ id: category }) => category === ticket.suggestedCategoryId)
  const money = createMoneyFormat()
  const line = (label: string, text: string) => `**${label}:** ${text}`
  const lines = [
    `Notes for ${ticketName(ticket.number)}. Only staff see this thread; what is written here is kept as internal.`,
    customer
      ? line(
          "Customer",
          [customer.name, customer.email, customer.stripe_id]
            .flatMap((part) => part ?? [])
            .map(escapeMarkdown)
            .join(", "),
        )
      : line("Customer", "not linked. Ask them to run /link with their e-mail address."),
    ...(customer ? [line("Stage", customer.stage)] : []),
    ...told.plans.map(({ status, products }) => line("Plan", `${escapeMarkdown(products || "unknown")} (${status})`)),
    ...(told.owed.length > 0
      ? [line("Owes", told.owed.map(({ currency, amount }) => money(amount, currency)).join(", "))]
      : []),
    ...told.mails.map(({ subject, status, delivery }) =>
      line("Mail", `${escapeMarkdown(subject ?? "no subject")} (${delivery ?? status})`),
    ),
    ...told.tickets.map(({ number, subject, status }) =>
      line(ticketName(number), `${escapeMarkdown(subject)} (${status})`),
    ),
    ...(suggested && suggested.id !== ticket.categoryId
      ? [
          line(
            "Reads like",
            `${escapeMarkdown(suggested.name)}, priority ${ticket.suggestedPriority ?? ticket.priority}`,
          ),
        ]
      : []),
  ]
  return { content: lines.join("\n").slice(0, 2000).toWellFormed() }
}
