import { evaluateCondition } from "../automation/evaluateCondition.ts"
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
  enrolment: { status: "active" | "completed" | "exited"; exitReason: string | null; exits: ExitCondition[] } | null
  suppression: { reason: string; all: boolean } | null
  hasTemplate: boolean
  /** Marketing mails that the customer got within the cap's days. */
  recentMarketing: number
  timeZone: string
  settings: Settings["marketing"]
}

export type EmailDecision =
  | { do: "send" }
  | { do: "drop"; status: "suppressed" | "stale" | "cancelled" | "failed"; reason: string }
  | { do: "postpone"; until: Date; reason: string }

const minute = 60_000
const drop = (status: "suppressed" | "stale" | "cancelled" | "failed", reason: string): EmailDecision => ({
  do: "drop",
  status,
  reason,
})

/** Whether a mail that has come due may go out, looked at again at the last moment. */
export function decideEmail(mail: EmailCase): EmailDecision {
  const { now, customer, enrolment, suppression, mailClass } = mail
  if (enrolment?.status === "exited") return drop("cancelled", enrolment.exitReason ?? "the customer left the sequence")
  if (!customer) return drop("failed", "the customer does not exist")
  if (now > mail.staleAt) return drop("stale", "came due too long ago")
  if (customer.deleted) return drop("suppressed", "the customer is deleted")

  const facts = { customer, subscription: mail.subscription, invoice: mail.invoice, change: mail.change }
  const exit = enrolment?.exits.find(({ when }) => evaluateCondition(when, facts))
  if (exit) return drop("cancelled", exit.reason)
  if (!mail.hasTemplate) return drop("failed", "the template does not exist")

  if (!customer.email)
    return customer.known
      ? drop("suppressed", "the customer has no e-mail address")
      : {
          do: "postpone",
          until: new Date(now.getTime() + 10 * minute),
          reason: "the customer's record has not been seen",
        }
  if (!/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(customer.email)) return drop("failed", "the e-mail address is not one")
  if (suppression && (suppression.all || mailClass === "marketing"))
    return drop("suppressed", `the address is suppressed: ${suppression.reason}`)

  if (mailClass === "marketing") {
    const quietUntil = endOfQuiet(now, mail.timeZone, mail.settings)
    if (quietUntil) return { do: "postpone", until: quietUntil, reason: "quiet hours" }
    if (mail.recentMarketing >= mail.settings.capMails)
      return drop("suppressed", `the customer had ${mail.recentMarketing} such mails in ${mail.settings.capDays} days`)
  }
  return { do: "send" }
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
  return instantOf(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: Math.floor(until / 60),
      minute: until % 60,
    },
    timeZone,
  )
}
