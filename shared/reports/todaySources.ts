import { sql } from "drizzle-orm"
import { jobsDown } from "../monitoring/jobsDown.ts"
import { isLeft } from "../support/interactions/isLeft.ts"
import { isTroubled } from "../support/listTickets/isTroubled.ts"
import { isLate } from "../support/listTickets/lateLimits.ts"
import type { TodaySource } from "./today.ts"

/** Lines of the Today page. A capability adds its own here; `count` selects `at` of each thing. */
export const todaySources: TodaySource[] = [
  {
    key: "unpaid-invoices",
    part: "needed",
    permission: "billing:read",
    one: "customer owes after a failed payment",
    many: "customers owe after failed payments",
    href: "/customers?stage=at_risk",
    count: () => sql`
      select min(first_failed_at) as at from invoices
      where relevant and status = 'open' and first_failed_at is not null group by customer_id`,
  },
  {
    key: "overdue-tickets",
    part: "needed",
    permission: "tickets:read",
    one: "ticket is overdue",
    many: "tickets are overdue",
    href: "/tickets/list?overdue=yes",
    count: ({ lateTickets }) => sql`select t.opened_at as at from tickets t where ${isLate(lateTickets)}`,
  },
  {
    key: "waiting-tickets",
    part: "needed",
    permission: "tickets:read",
    one: "ticket waits for us",
    many: "tickets wait for us",
    href: "/tickets/list?owes=us",
    count: () => sql`
      select last_message_at as at from tickets where status in ('opening', 'open') and last_from = 'opener'`,
  },
  {
    key: "troubled-tickets",
    part: "needed",
    permission: "tickets:read",
    one: "ticket has work that failed or got stuck",
    many: "tickets have work that failed or got stuck",
    href: "/tickets/list?trouble=yes",
    count: ({ now }) => sql`select t.last_message_at as at from tickets t where ${isTroubled(now)}`,
  },
  {
    key: "left-interactions",
    part: "needed",
    permission: "tickets:read",
    one: "form, command or button in Discord came to nothing",
    many: "forms, commands or buttons in Discord came to nothing",
    href: "/tickets/left",
    count: ({ now }) => sql`select received_at as at from discord_interactions where ${isLeft(now)}`,
  },
  {
    key: "failed-events",
    part: "needed",
    permission: "events:read",
    one: "Stripe event could not be applied",
    many: "Stripe events could not be applied",
    href: "/events?status=failed",
    count: () => sql`select received_at as at from stripe_events where status = 'failed'`,
  },
  {
    key: "failed-resend-events",
    part: "needed",
    permission: "events:read",
    one: "event of Resend could not be applied",
    many: "events of Resend could not be applied",
    href: "/events?source=resend&status=failed",
    count: () => sql`select received_at as at from resend_events where status = 'failed'`,
  },
  {
    key: "failed-mails",
    part: "needed",
    permission: "outbox:read",
    one: "mail could not be sent",
    many: "mails could not be sent",
    href: "/outbox?status=failed",
    count: () => sql`select due_at as at from email_outbox where status = 'failed'`,
  },
  {
    key: "bounced",
    part: "needed",
    permission: "outbox:read",
    one: "mail bounced since yesterday",
    many: "mails bounced since yesterday",
    href: "/outbox?delivery=bounced",
    count: ({ dayAgo }) => sql`
      select delivery_at as at from email_outbox where delivery = 'bounced' and delivery_at > ${dayAgo.toISOString()}`,
  },
  {
    key: "notices",
    part: "needed",
    permission: "customers:read",
    one: "notice for staff",
    many: "notices for staff",
    href: "/notices",
    count: () => sql`select created_at as at from staff_notifications where read_at is null`,
  },
  {
    key: "jobs",
    part: "needed",
    permission: "jobs:read",
    one: "job is late, hangs or failed",
    many: "jobs are late, hang or failed",
    href: "/jobs",
    count: ({ now }) => jobsDown(now),
  },
  {
    key: "new-customers",
    part: "news",
    permission: "customers:read",
    one: "new customer",
    many: "new customers",
    href: "/customers?sort=-created",
    count: ({ dayAgo }) => sql`select created_at as at from customers where created_at > ${dayAgo.toISOString()}`,
  },
  {
    key: "mails-sent",
    part: "news",
    permission: "outbox:read",
    one: "mail sent",
    many: "mails sent",
    href: "/outbox?status=sent",
    count: ({ dayAgo }) => sql`select sent_at as at from email_outbox where sent_at > ${dayAgo.toISOString()}`,
  },
  {
    key: "events-received",
    part: "news",
    permission: "events:read",
    one: "Stripe event received",
    many: "Stripe events received",
    href: "/events",
    count: ({ dayAgo }) => sql`select received_at as at from stripe_events where received_at > ${dayAgo.toISOString()}`,
  },
]
