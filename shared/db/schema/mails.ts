import { sql } from "drizzle-orm"
import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"
import type { FrozenMessage } from "./email.ts"
import { ticketMessages, tickets } from "./support.ts"

/**
 * opened, continued, reopened: what it did to a ticket. automatic: kept with its ticket, if it has one, and never
 * answered. blocked: its sender opens no tickets. flooding: its sender wrote too often to be a person. elsewhere: it went
 * to none of our addresses. duplicate: the same mail, received twice.
 */
export const mailOutcomes = [
  "opened",
  "continued",
  "reopened",
  "automatic",
  "blocked",
  "flooding",
  "elsewhere",
  "duplicate",
] as const

/** What the receiving server found out about a mail's sender, in its words (RFC 8601); null where it says nothing. */
export interface MailAuthentication {
  spf: string | null
  dkim: string | null
  dmarc: string | null
}

/** Every mail that Resend received for us, whatever came of it. */
export const receivedMails = pgTable(
  "received_mails",
  {
    /** Resend's. */
    id: text("id").primaryKey(),
    /** Its message in a ticket; null where it is in none. */
    messageId: uuid("message_id").references(() => ticketMessages.id, { onDelete: "cascade" }),
    ticketId: uuid("ticket_id").references(() => tickets.id, { onDelete: "cascade" }),
    outcome: text("outcome", { enum: mailOutcomes }).notNull(),
    /** Why, where it is not plain. */
    reason: text("reason"),
    /** Message-ID; one of ours where it had none. */
    rfcId: text("rfc_id").notNull(),
    /** Message-IDs that it answers or follows. */
    refersTo: text("refers_to").array().notNull(),
    /** Lower case. */
    fromEmail: text("from_email").notNull(),
    fromName: text("from_name").notNull(),
    /** Who is to be answered, where that is somebody else; lower case. */
    replyToEmail: text("reply_to_email"),
    replyToName: text("reply_to_name"),
    /** Addresses in To and Cc, lower case. */
    recipients: text("recipients").array().notNull(),
    subject: text("subject").notNull(),
    /** Of a mail that is in no ticket. */
    content: text("content"),
    authentication: jsonb("authentication").$type<MailAuthentication>().notNull(),
    receivedAt: instant("received_at").notNull(),
    keptAt: instant("kept_at").notNull(),
  },
  (table) => [
    index("received_mails_message").on(table.messageId),
    index("received_mails_ticket").on(table.ticketId),
    index("received_mails_from").on(table.fromEmail, table.receivedAt),
    index("received_mails_refers").using("gin", table.refersTo),
    // What is in no ticket is rare, and staff look for it.
    index("received_mails_apart").on(table.receivedAt.desc().nullsFirst(), table.id).where(sql`ticket_id is null`),
  ],
)

/**
 * A message of a ticket as it went out by mail, frozen before the first attempt: it is sent again as it stands, under the
 * same Idempotency-Key, which is the message's id.
 */
export const ticketMails = pgTable(
  "ticket_mails",
  {
    messageId: uuid("message_id")
      .primaryKey()
      .references(() => ticketMessages.id, { onDelete: "cascade" }),
    message: jsonb("message").$type<FrozenMessage>().notNull(),
    frozenAt: instant("frozen_at").notNull(),
    resendId: text("resend_id"),
    /** The Message-ID under which it travelled: the mail servers behind Resend put their own in the place of ours. */
    wireId: text("wire_id"),
  },
  (table) => [
    index("ticket_mails_resend").on(table.resendId).where(sql`resend_id is not null`),
    index("ticket_mails_wire").on(table.wireId).where(sql`wire_id is not null`),
  ],
)
