import { bareAddress } from "./readEmail.ts"

export type MailOutcome =
  | "delivered"
  | "bounced"
  | "bounced_softly"
  | "complained"
  | "delivery_delayed"
  | "failed"
  | "suppressed"
  | "opened"
  | "clicked"

const localParts: [RegExp, MailOutcome][] = [
  [/^soft-?bounce/, "bounced_softly"],
  [/^bounced?/, "bounced"],
  [/^complain(t|s|ed)?/, "complained"],
  [/^delay(ed)?/, "delivery_delayed"],
  [/^fail(ed)?/, "failed"],
  [/^suppress(ed)?/, "suppressed"],
  [/^open(ed|s)?/, "opened"],
  [/^click(ed|s)?/, "clicked"],
]

/**
 * What happens to a mail, by who it goes to: Resend's test addresses (`bounced@resend.dev`), and for players any
 * address with such a local part and nothing after it but a number or a label (`bounce+anything@example.com`).
 */
export function recipientBehaviour(recipient: string): MailOutcome {
  const local = bareAddress(recipient).split("@")[0] ?? ""
  for (const [pattern, outcome] of localParts) {
    const match = pattern.exec(local)
    if (match && /^\d*(\+.*)?$/.test(local.slice(match[0].length))) return outcome
  }
  return "delivered"
}
