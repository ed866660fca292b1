import type { mailOutcomes } from "../../db/schema/mails.ts"
import { keepable } from "../keepable.ts"
import { asksForSilence } from "./asksForSilence.ts"
import { isDoubtful } from "./authenticationOf.ts"
import { automaticReason } from "./automaticReason.ts"
import { correspondentOf } from "./correspondentOf.ts"
import type { IncomingMail } from "./incomingMail.ts"
import { withoutTag } from "./mailAddress.ts"

type MailOutcome = (typeof mailOutcomes)[number]

/** The ticket that a mail belongs to, by its headers, or by its number where the sender is who opened it. */
export interface MailThread {
  id: string
  number: number
  status: "opening" | "open" | "closing" | "closed"
  version: number
  openerEmail: string | null
  closedAt: Date | null
}

/** What is known about a mail when it is decided about. */
export interface MailFacts {
  /** Our addresses, in lower case. */
  own: readonly string[]
  /** Whether it has been kept before, under another id of Resend's. */
  duplicate: boolean
  thread: MailThread | null
  blocked: boolean
  /** Mails of the same sender just before. */
  recent: number
  /** Acknowledgements that went to the sender lately. */
  acknowledged: number
  reopenDays: number
}

export interface MailDecision {
  outcome: MailOutcome
  reason: string | null
  /** The ticket whose message it is; null where a new one is opened, or it is kept apart. */
  thread: MailThread | null
  /** Number of the ticket that a new one follows: closed too long ago to be opened again. */
  follows: number | null
  acknowledge: boolean
  /** Whether staff are told, because nobody would see what a person may have written. */
  tell: boolean
}

/** So many mails within `floodMinutes` are no person's. */
const mostRecent = 10
export const floodMinutes = 10
const mostAcknowledged = 3
export const acknowledgedHours = 24

/** What a mail does. Pure: all that it depends on is in the arguments. */
export function decideMail(mail: IncomingMail, facts: MailFacts, now: Date): MailDecision {
  const { thread } = facts
  const active = thread?.status === "open" || thread?.status === "opening"
  const kept = (outcome: MailOutcome, reason: string | null, tell = false): MailDecision => ({
    outcome,
    reason: reason && keepable(reason, 300),
    thread,
    follows: null,
    acknowledge: false,
    tell,
  })
  if (facts.duplicate) return { ...kept("duplicate", null), thread: null }
  if (mail.fromEmail === "") return kept("automatic", "it names no sender", true)
  const automatic = automaticReason(mail, facts.own)
  // Nothing is lost of what a person may have written, and what a program writes opens no closed ticket.
  const least = active ? ["possible", "likely"] : thread ? [] : ["possible"]
  const doubted = automatic !== null && least.includes(automatic.certainty)
  if (automatic && !doubted) return kept("automatic", automatic.reason, automatic.certainty !== "certain")
  if (facts.blocked) return kept("blocked", null)
  if (facts.recent >= mostRecent && !active)
    return kept("flooding", `more than ${mostRecent} mails within ${floodMinutes} minutes`, true)
  if (thread === null && !isForUs(mail, facts.own)) return kept("elsewhere", `to ${mail.recipients.join(", ")}`, true)
  if (active) return kept("continued", null)
  if (thread && isFresh(thread, facts.reopenDays, now)) return kept("reopened", null)
  return {
    ...kept("opened", null),
    thread: null,
    follows: thread?.number ?? null,
    // Who may not have written at all gets no mail that they did not ask for.
    acknowledge:
      facts.acknowledged < mostAcknowledged &&
      !isDoubtful(mail.authentication) &&
      !doubted &&
      correspondentOf(mail).email === mail.fromEmail &&
      !asksForSilence(mail.headers),
  }
}

/** Any address of our domains: what is forwarded from the support address may be received for another one. */
function isForUs({ recipients }: IncomingMail, own: readonly string[]): boolean {
  const domains = own.map(domainOf)
  return recipients.some((recipient) => own.includes(withoutTag(recipient)) || domains.includes(domainOf(recipient)))
}

const domainOf = (email: string) => email.slice(email.lastIndexOf("@") + 1)

const isFresh = ({ status, closedAt }: MailThread, days: number, now: Date): boolean =>
  status === "closing" || (closedAt !== null && now.getTime() - closedAt.getTime() <= days * 86_400_000)
