import type { MailOutcome } from "./recipientBehaviour.ts"

export type MailEventType =
  | "email.sent"
  | "email.delivered"
  | "email.delivery_delayed"
  | "email.bounced"
  | "email.complained"
  | "email.opened"
  | "email.clicked"
  | "email.failed"
  | "email.suppressed"

interface Facts {
  at: string
  link: string
  reason: "previous_bounce" | "previous_complaint"
}

const browser = {
  ipAddress: "192.0.2.1",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}

/** The type of the event that an outcome makes, and what its data tells besides the mail. */
export function mailEvent(
  outcome: MailOutcome | "sent",
  facts: Facts,
): { type: MailEventType; extra: Record<string, unknown> } {
  switch (outcome) {
    case "sent":
    case "delivered":
    case "delivery_delayed":
    case "complained":
      return { type: `email.${outcome}`, extra: {} }
    case "bounced":
      return { type: "email.bounced", extra: { bounce: hardBounce } }
    case "bounced_softly":
      return { type: "email.bounced", extra: { bounce: softBounce } }
    case "failed":
      return { type: "email.failed", extra: { failed: { reason: "reached_daily_quota" } } }
    case "suppressed":
      return { type: "email.suppressed", extra: { suppressed: { ...suppression, reason: facts.reason } } }
    case "opened":
      return { type: "email.opened", extra: {} }
    case "clicked":
      return { type: "email.clicked", extra: { click: { ...browser, link: facts.link, timestamp: facts.at } } }
  }
}

const hardBounce = {
  diagnosticCode: ["smtp; 550 5.1.1 user unknown"],
  message: "The recipient's email provider sent a hard bounce message.",
  subType: "NoEmail",
  type: "Permanent",
}

const softBounce = {
  diagnosticCode: ["smtp; 452 4.2.2 mailbox full"],
  message: "The recipient's mailbox is full.",
  subType: "MailboxFull",
  type: "Transient",
}

const suppression = {
  diagnosticCode: [],
  message: "The recipient is on the suppression list.",
  type: "OnAccountSuppressionList",
}
