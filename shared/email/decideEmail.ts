import { exitOf } from "../automation/exitOf.ts"
import type { ExitCondition } from "../automation/sequenceSchema.ts"
import type { ChangeData } from "../billing/change.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../billing/facts.ts"
import type { Settings } from "../settings/settings.ts"
import { instantOf, wallTime } from "../time/zonedTime.ts"

export interface EmailCase {
  now: Date
  dueAt: Date
  staleAt: Date
  mailClass: "transactional" | "marketing"
  customer: CustomerFacts | null
  subscription: SubscriptionFacts | null
  invoice: InvoiceFacts | null
  change: ChangeData
  enrolment: {
    status: "active" | "completed" | "exited"
    exitReason: string | null
    invoiceId: string | null
    /** Null where it does not exist, or its stored form does not fit. */
    sequence: { enabled: boolean; exits: ExitCondition[] } | null
  } | null
  suppression: { reason: string; all: boolean } | null
  hasTemplate: boolean
  /** Why it was put off the last time. */
  putOffBecause: string | null
  /** Marketing mails that the customer got within the cap's days. */
  recentMarketing: number
  timeZone: string
  settings: Settings["marketing"]
}

export type EmailDecision =
  | { do: "send" }
  /** An exit condition holds: this step and all that follow are cancelled. */
  | { do: "leave"; reason: string }
  | { do: "drop"; status: "suppressed" | "stale" | "cancelled" | "failed"; reason: string }
  | { do: "postpone"; until: Date; reason: string }

const minute = 60_000
const longestAddress = 254
const drop = (status: "suppressed" | "stale" | "cancelled" | "failed", reason: string): EmailDecision => ({
  do: "drop",
  status,
  reason,
})

/** Whether a mail that has come due may go out, looked at again at the last moment. The first answer that fits counts. */
export function decideEmail(mail: EmailCase): EmailDecision {
  return (
    leftTheSequence(mail) ??
    tooLate(mail) ??
    sequenceSays(mail) ??
    hasNoTemplate(mail) ??
    addressSays(mail) ??
    (mail.mailClass === "marketing" ? marketingSays(mail) : null) ?? { do: "send" }
  )
}

type Objection = EmailDecision | null

const postpone = (mail: EmailCase, minutes: number, reason: string): EmailDecision => ({
  do: "postpone",
  until: new Date(mail.now.getTime() + minutes * minute),
  reason,
})

function leftTheSequence({ enrolment }: EmailCase): Objection {
  return enrolment?.status === "exited"
    ? drop("cancelled", enrolment.exitReason ?? "the customer left the sequence")
    : null
}

function tooLate({ now, staleAt, putOffBecause }: EmailCase): Objection {
  if (now <= staleAt) return null
  return drop("stale", putOffBecause ? `came due too long ago: ${putOffBecause}` : "came due too long ago")
}

function sequenceSays(mail: EmailCase): Objection {
  const { enrolment, customer, subscription, invoice, change } = mail
  if (!customer) return drop("failed", "the customer does not exist")
  if (customer.deleted) return drop("suppressed", "the customer is deleted")
  if (!enrolment) return null
  const { sequence } = enrolment
  if (!sequence) return drop("failed", "the sequence does not exist, or its stored form does not fit")
  const reason = exitOf(sequence.exits, { customer, subscription, invoice, change }, enrolment)
  if (reason) return { do: "leave", reason }
  return sequence.enabled ? null : postpone(mail, 60, "the sequence is switched off")
}

function hasNoTemplate({ hasTemplate }: EmailCase): Objection {
  return hasTemplate ? null : drop("failed", "the template does not exist")
}

function addressSays(mail: EmailCase): Objection {
  const { customer, suppression, mailClass } = mail
  if (!customer?.email)
    return customer?.known
      ? drop("suppressed", "the customer has no e-mail address")
      : postpone(mail, 10, "the customer's record has not been seen")
  if (customer.email.length > longestAddress || !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(customer.email))
    return drop("failed", "the e-mail address is not one")
  if (suppression && (suppression.all || mailClass === "marketing"))
    return drop("suppressed", `the address is suppressed: ${suppression.reason}`)
  return null
}

function marketingSays(mail: EmailCase): Objection {
  const { capMails, capDays } = mail.settings
  const quietUntil = endOfQuiet(mail.now, mail.timeZone, mail.settings)
  if (quietUntil) return { do: "postpone", until: quietUntil, reason: "quiet hours" }
  return mail.recentMarketing >= capMails
    ? drop("suppressed", `the customer had ${mail.recentMarketing} such mails in ${capDays} days`)
    : null
}

const minutesOf = (clock: string) => {
  const [hour = 0, minutes = 0] = clock.split(":").map(Number)
  return hour * 60 + minutes
}

/** When the quiet hours that hold right now on the customer's clock end; null outside of them. */
function endOfQuiet(now: Date, timeZone: string, { quietFrom, quietUntil }: Settings["marketing"]): Date | null {
  const wall = wallTime(now, timeZone)
  const clock = wall.hour * 60 + wall.minute
  const from = minutesOf(quietFrom)
  const until = minutesOf(quietUntil)
  const overnight = from > until
  const quiet = overnight ? clock >= from || clock < until : clock >= from && clock < until
  if (!quiet) return null
  const tomorrow = overnight && clock >= from
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + (tomorrow ? 1 : 0)))
  const end = instantOf(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: Math.floor(until / 60),
      minute: until % 60,
    },
    timeZone,
  )
  // In the hour that the autumn change repeats, the end may be one that has passed already.
  return new Date(Math.max(end.getTime(), now.getTime() + 15 * minute))
}
