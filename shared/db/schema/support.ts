import { sql } from "drizzle-orm"
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core"
import type { TicketAnswer, TicketQuestion } from "../../support/categorySchema.ts"
import { customers } from "./billing.ts"
import { instant, searchWords } from "./columns.ts"

export const interactionKinds = ["command", "autocomplete", "component", "modal"] as const

/** Every interaction that Discord sent us and we acted on: its id is taken once, so that a recorded request is no second one. */
export const discordInteractions = pgTable(
  "discord_interactions",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: interactionKinds }).notNull(),
    /** Name of the command, or custom id of the component or modal. */
    name: text("name").notNull(),
    userId: text("user_id").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Why it came to nothing, where it did. */
    error: text("error"),
    /** Of what must not be lost over a death: the whole of it, until it is done. */
    payload: jsonb("payload").$type<unknown>(),
    /** Since when it is left to staff, because it failed on our side and is not done again by itself. */
    failedAt: instant("failed_at"),
    /** When staff have said that nothing is to come of it. */
    setAsideAt: instant("set_aside_at"),
  },
  (table) => [
    index("discord_interactions_received").on(table.receivedAt),
    index("discord_interactions_left")
      .on(table.receivedAt, table.id)
      .where(sql`failed_at is not null or payload is not null`),
    index("discord_interactions_unfinished").on(table.receivedAt).where(sql`payload is not null`),
  ],
)

export const priorities = ["low", "normal", "high", "urgent"] as const
export const ticketSources = ["discord", "email"] as const
/**
 * `opening`: reserved, while its place in Discord is being made. `closing`: decided, while what was said is saved and the
 * place is taken away.
 */
export const ticketStatuses = ["opening", "open", "closing", "closed"] as const
export const placeKinds = ["channel", "thread"] as const
export const sides = ["opener", "staff"] as const

/** What staff search a ticket by, besides what was said in it; queries must say it in these words for the index to serve them. */
export const ticketSearchText = sql.raw("(lower(opener_name || ' ' || coalesce(opener_email, '') || ' ' || subject))")

/** What a ticket is about; staff edit them. */
export const ticketCategories = pgTable("ticket_categories", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  position: integer("position").notNull(),
  enabled: boolean("enabled").notNull().default(true),
  /** What the form asks besides; shape: shared/support/categorySchema.ts. */
  questions: jsonb("questions").$type<TicketQuestion[]>().notNull().default([]),
  /** Words that tell that a text is about this, for suggestions. */
  keywords: text("keywords").array().notNull().default(sql`'{}'`),
  /** Discord role that is pinged; empty: the staff role of the settings. */
  roleId: text("role_id").notNull().default(""),
  /** Discord category that channels go to; empty: the one of the settings. */
  parentId: text("parent_id").notNull().default(""),
  firstResponseMinutes: integer("first_response_minutes").notNull().default(240),
  resolutionMinutes: integer("resolution_minutes").notNull().default(2880),
  version: integer("version").notNull().default(1),
  updatedAt: instant("updated_at").notNull(),
})

export const tickets = pgTable(
  "tickets",
  {
    id: uuid("id").primaryKey(),
    /** What people call it. */
    number: bigint("number", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    source: text("source", { enum: ticketSources }).notNull(),
    status: text("status", { enum: ticketStatuses }).notNull(),
    categoryId: text("category_id").notNull(),
    priority: text("priority", { enum: priorities }).notNull().default("normal"),
    suggestedCategoryId: text("suggested_category_id"),
    suggestedPriority: text("suggested_priority", { enum: priorities }),
    subject: text("subject").notNull(),
    description: text("description").notNull(),
    answers: jsonb("answers").$type<TicketAnswer[]>().notNull().default([]),
    customerId: uuid("customer_id").references(() => customers.id),
    /** Discord user id. */
    openerId: text("opener_id"),
    openerName: text("opener_name").notNull(),
    /** Lower case. */
    openerEmail: text("opener_email"),
    guildId: text("guild_id"),
    placeKind: text("place_kind", { enum: placeKinds }),
    /** Of the channel or thread that the conversation is in. */
    channelId: text("channel_id").unique(),
    /** The private thread that staff alone see. */
    staffThreadId: text("staff_thread_id"),
    /** The first message, with the buttons. */
    controlMessageId: text("control_message_id"),
    /** Of the interaction that opened it, to tell the opener what came of it; good for 15 minutes. */
    interactionToken: text("interaction_token"),
    /** `<kind>:<id>` of the actor, and what people call them. */
    claimedBy: text("claimed_by"),
    claimedByLabel: text("claimed_by_label"),
    claimedAt: instant("claimed_at"),
    /** The category that its place in Discord shows, where that is not its own any more. */
    shownCategoryId: text("shown_category_id"),
    /** When Discord is to show anew who answers it, or its category, should nobody have seen to that; null: it does. */
    showAt: instant("show_at"),
    openedAt: instant("opened_at").notNull(),
    firstResponseAt: instant("first_response_at"),
    firstResponseBy: text("first_response_by"),
    lastMessageAt: instant("last_message_at").notNull(),
    /** Who spoke last: the other side owes the reply. */
    lastFrom: text("last_from", { enum: sides }).notNull().default("opener"),
    nudgedAt: instant("nudged_at"),
    warnedAt: instant("warned_at"),
    closeAskedAt: instant("close_asked_at"),
    closedAt: instant("closed_at"),
    closedBy: text("closed_by"),
    closedByLabel: text("closed_by_label"),
    closeReason: text("close_reason"),
    reopenedAt: instant("reopened_at"),
    /** The ticket that has all that was said in this one, which is closed for good. */
    mergedInto: uuid("merged_into").references((): AnyPgColumn => tickets.id, { onDelete: "cascade" }),
    rating: integer("rating"),
    ratingComment: text("rating_comment"),
    ratedAt: instant("rated_at"),
    /** While somebody works on `opening` or `closing`; when to try again, how often it was, and what went wrong. */
    leaseUntil: instant("lease_until"),
    nextAttemptAt: instant("next_attempt_at"),
    attempts: integer("attempts").notNull().default(0),
    error: text("error"),
    /** Newest message of Discord that is kept; when to look again; looks in a row that found nothing. */
    capturedTo: text("captured_to"),
    captureAt: instant("capture_at"),
    idleCaptures: integer("idle_captures").notNull().default(0),
    /** The same as `captured_to`, for the thread of the staff. */
    staffCapturedTo: text("staff_captured_to"),
    /** Looks in a row that failed; `error` then says why. */
    captureFailures: integer("capture_failures").notNull().default(0),
    /** While everything is read once more: the oldest message it has come to, of the conversation and of the staff thread. */
    rereadTo: text("reread_to"),
    staffRereadTo: text("staff_reread_to"),
    /** When its opener was told that it is closed. */
    closeToldAt: instant("close_told_at"),
    /** When the server is asked next whether the opener is still in it, when they last were, and when they were missed. */
    openerCheckAt: instant("opener_check_at"),
    openerSeenAt: instant("opener_seen_at"),
    openerLeftAt: instant("opener_left_at"),
    /** Before then nothing that time alone asks for is tried again, because it failed. */
    tendAt: instant("tend_at"),
    /** When the place of a closed one is taken away. */
    removePlaceAt: instant("remove_place_at"),
    version: integer("version").notNull().default(1),
  },
  (table) => [
    unique("tickets_number").on(table.number),
    uniqueIndex("tickets_open_once")
      .on(table.guildId, table.openerId, table.categoryId)
      .where(sql`status <> 'closed' and source = 'discord'`),
    index("tickets_work").on(table.nextAttemptAt).where(sql`status in ('opening', 'closing')`),
    index("tickets_capture").on(table.captureAt).where(sql`status = 'open' and source = 'discord'`),
    index("tickets_opener_check").on(table.openerCheckAt).where(sql`status = 'open' and source = 'discord'`),
    index("tickets_show").on(table.showAt).where(sql`show_at is not null`),
    index("tickets_remove_place").on(table.removePlaceAt).where(sql`remove_place_at is not null`),
    index("tickets_merged").on(table.mergedInto).where(sql`merged_into is not null`),
    index("tickets_open").on(table.lastMessageAt).where(sql`status <> 'closed'`),
    index("tickets_closed").on(table.closedAt.desc().nullsFirst()).where(sql`status = 'closed'`),
    index("tickets_troubled").on(table.openedAt.desc().nullsFirst()).where(sql`error is not null`),
    index("tickets_search").using("gin", sql`${ticketSearchText} gin_trgm_ops`),
    index("tickets_opened").on(table.openedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index("tickets_customer").on(table.customerId, table.openedAt.desc().nullsFirst()),
    index("tickets_opener").on(table.openerId, table.openedAt.desc().nullsFirst()),
    index("tickets_email").on(table.openerEmail, table.openedAt.desc().nullsFirst()),
  ],
)

const ofTicket = () =>
  uuid("ticket_id")
    .notNull()
    .references(() => tickets.id, { onDelete: "cascade" })

export const messageOrigins = ["form", "discord", "email", "admin"] as const
export const authorKinds = ["opener", "staff", "bot", "other"] as const
/** Of what is written in the staff pages: on its way to the other side, there, or not to be delivered. */
export const deliveries = ["queued", "sent", "failed"] as const

/** Everything that was said in a ticket, as it stands; earlier wordings are in `ticket_message_edits`. */
export const ticketMessages = pgTable(
  "ticket_messages",
  {
    id: uuid("id").primaryKey(),
    ticketId: ofTicket(),
    origin: text("origin", { enum: messageOrigins }).notNull(),
    /** Discord's id, or the Message-ID of a mail. */
    externalId: text("external_id"),
    authorId: text("author_id"),
    authorName: text("author_name").notNull(),
    authorKind: text("author_kind", { enum: authorKinds }).notNull(),
    /** Staff see it, the opener does not. */
    internal: boolean("internal").notNull().default(false),
    content: text("content").notNull(),
    /** It asks the opener whether the ticket may be closed, and goes out with a way to answer that. */
    asksClosing: boolean("asks_closing").notNull().default(false),
    /** As Discord sent them. */
    embeds: jsonb("embeds").$type<unknown[]>().notNull().default([]),
    /** External id of the message that it answers. */
    replyTo: text("reply_to"),
    sentAt: instant("sent_at").notNull(),
    editedAt: instant("edited_at"),
    deletedAt: instant("deleted_at"),
    delivery: text("delivery", { enum: deliveries }),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    error: text("error"),
  },
  (table) => [
    unique("ticket_messages_once").on(table.ticketId, table.externalId),
    index("ticket_messages_said").on(table.ticketId, table.sentAt, table.id),
    index("ticket_messages_external").on(table.externalId),
    index("ticket_messages_newest").on(table.sentAt, table.id),
    index("ticket_messages_queued").on(table.nextAttemptAt).where(sql`delivery = 'queued'`),
    index("ticket_messages_failed").on(table.ticketId).where(sql`delivery = 'failed'`),
  ],
)

export const ticketMessageEdits = pgTable(
  "ticket_message_edits",
  {
    messageId: uuid("message_id")
      .notNull()
      .references(() => ticketMessages.id, { onDelete: "cascade" }),
    /** Until when it read so. */
    until: instant("until").notNull(),
    content: text("content").notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.until] })],
)

/**
 * What a message is found by: what it says, its form's answers, the names of its files, its embeds and earlier wordings.
 * Triggers keep it (migrations/*_message_words*.sql), whoever writes any of these.
 */
export const ticketMessageWords = pgTable(
  "ticket_message_words",
  {
    messageId: uuid("message_id")
      .primaryKey()
      .references(() => ticketMessages.id, { onDelete: "cascade" }),
    /** The message's, for words that many say: the newest are found without looking at the others. */
    sentAt: instant("sent_at").notNull(),
    words: searchWords("words").notNull(),
  },
  (table) => [
    index("ticket_message_words_search").using("gin", table.words),
    index("ticket_message_words_newest").on(table.sentAt, table.messageId),
  ],
)

/** `gone`: the link had expired or the file was deleted before it could be copied. */
export const attachmentStates = ["waiting", "stored", "too_large", "gone", "failed"] as const

/** Files in tickets, copied to R2: links of Discord expire. */
export const ticketAttachments = pgTable(
  "ticket_attachments",
  {
    id: uuid("id").primaryKey(),
    ticketId: ofTicket(),
    messageId: uuid("message_id")
      .notNull()
      .references(() => ticketMessages.id, { onDelete: "cascade" }),
    externalId: text("external_id").notNull(),
    name: text("name").notNull(),
    contentType: text("content_type").notNull(),
    size: bigint("size", { mode: "number" }).notNull(),
    url: text("url"),
    status: text("status", { enum: attachmentStates }).notNull(),
    /** Key in R2, once stored. */
    key: text("key"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    error: text("error"),
  },
  (table) => [
    unique("ticket_attachments_once").on(table.messageId, table.externalId),
    index("ticket_attachments_waiting").on(table.nextAttemptAt).where(sql`status = 'waiting'`),
    index("ticket_attachments_failed").on(table.ticketId).where(sql`status = 'failed'`),
    index("ticket_attachments_ticket").on(table.ticketId),
  ],
)

export const ticketEventKinds = [
  "opened",
  "claimed",
  "unclaimed",
  "transferred",
  "recategorised",
  "reprioritised",
  "member_added",
  "member_removed",
  "customer_linked",
  "close_asked",
  "close_declined",
  "closed",
  "reopened",
  "merged",
  "nudged",
  "warned",
  "rated",
  "opener_left",
  "opener_back",
  "place_lost",
] as const
export type TicketEventKind = (typeof ticketEventKinds)[number]

/** What happened to a ticket besides what was said. Append-only. */
export const ticketEvents = pgTable(
  "ticket_events",
  {
    id: uuid("id").primaryKey(),
    /** Natural key: what happens once is told once. */
    key: text("key").notNull().unique(),
    ticketId: ofTicket(),
    kind: text("kind", { enum: ticketEventKinds }).notNull(),
    at: instant("at").notNull(),
    actor: text("actor").notNull(),
    actorLabel: text("actor_label"),
    data: jsonb("data").$type<Record<string, string | number | null>>().notNull().default({}),
    /** When the rules have heard of it. */
    rulesAt: instant("rules_at"),
  },
  (table) => [
    index("ticket_events_ticket").on(table.ticketId, table.at),
    index("ticket_events_unheard").on(table.at).where(sql`rules_at is null`),
  ],
)

/** Answers that are at hand, for staff to send and, where `suggested`, to be offered to openers. */
export const cannedReplies = pgTable("canned_replies", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** With {{ customer.name }} and the like; see shared/support/cannedText.ts. */
  content: text("content").notNull(),
  categoryId: text("category_id"),
  keywords: text("keywords").array().notNull().default(sql`'{}'`),
  suggested: boolean("suggested").notNull().default(false),
  version: integer("version").notNull().default(1),
  updatedAt: instant("updated_at").notNull(),
})

/** Which customer a Discord account is. */
export const discordLinks = pgTable(
  "discord_links",
  {
    userId: text("user_id").primaryKey(),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => customers.id),
    userName: text("user_name").notNull(),
    linkedAt: instant("linked_at").notNull(),
    actor: text("actor").notNull(),
  },
  (table) => [index("discord_links_customer").on(table.customerId)],
)

/**
 * Why a code is not with whoever waits for it. `suppressed`: we do not write to the address. `refused`: Resend took no mail
 * to it. `unavailable`: Resend takes no mail at all. `unsure`: it did not say. `lost`: the mail came back.
 */
const linkFailures = ["suppressed", "refused", "unavailable", "unsure", "lost"] as const

/** One-time codes mailed to a customer, for whoever claims in Discord to be them. */
export const discordLinkCodes = pgTable(
  "discord_link_codes",
  {
    id: uuid("id").primaryKey(),
    userId: text("user_id").notNull(),
    userName: text("user_name").notNull(),
    /** Lower case; of addresses that no customer has too, so that both look alike. */
    email: text("email").notNull(),
    customerId: uuid("customer_id").references(() => customers.id),
    codeHash: text("code_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    usedAt: instant("used_at"),
    failure: text("failure", { enum: linkFailures }),
  },
  (table) => [index("discord_link_codes_user").on(table.userId, table.createdAt)],
)

/** Who of those that write in tickets has the staff role, as the server last said. */
export const discordMembers = pgTable("discord_members", {
  userId: text("user_id").primaryKey(),
  isStaff: boolean("is_staff").notNull(),
  readAt: instant("read_at").notNull(),
})

/** Discord categories that are made when those of the settings are full: a name is taken here first, so that one is made. */
export const overflowCategories = pgTable(
  "overflow_categories",
  {
    guildId: text("guild_id").notNull(),
    name: text("name").notNull(),
    /** Whoever makes it, and until when nobody else does. */
    holder: text("holder").notNull(),
    leaseUntil: instant("lease_until").notNull(),
    /** Discord's, once it is made. */
    categoryId: text("category_id"),
    madeAt: instant("made_at"),
  },
  (table) => [primaryKey({ columns: [table.guildId, table.name] })],
)

/** Who opens no tickets: a Discord user id, or an address in lower case. */
export const supportBlocks = pgTable("support_blocks", {
  subject: text("subject").primaryKey(),
  reason: text("reason").notNull(),
  until: instant("until"),
  blockedAt: instant("blocked_at").notNull(),
  blockedBy: text("blocked_by").notNull(),
})

/** Files in R2 that nothing names any more: they wait here until they are deleted there. */
export const fileDeletions = pgTable("file_deletions", {
  key: text("key").primaryKey(),
  /** Not before then: what is being attached to a reply is on the list until the reply is there. */
  requestedAt: instant("requested_at").notNull(),
})
