import { withoutTag } from "./mailAddress.ts"

const robots =
  /^(mailer-daemon|postmaster|mail-daemon|bounces?|no-?reply|do-?not-?reply|autoreply|auto-?responder)([+._-].*)?@/i
/** How programs that answer for people begin their subjects. */
const subjects =
  /^\s*(auto(matic|mated|matisch\p{L}*)?[\s:-]*(reply|response|antwort)|autoreply|out of (the )?office|abwesenheit|undeliver(ed|able)|(mail )?delivery (status notification|failure|failed|has failed)|returned mail|réponse automatique|respuesta automática)/iu

/**
 * Why nobody wrote this mail for us to answer: an auto-reply, a bounce, a list, or our own address; null where a person
 * may have. `own`: our addresses in lower case.
 */
export function automaticReason(
  mail: { fromEmail: string; subject: string; headers: ReadonlyMap<string, string> },
  own: readonly string[],
): string | null {
  const { fromEmail, subject, headers } = mail
  const header = (name: string) => headers.get(name)?.trim().toLowerCase() ?? ""
  const said = (name: string) => `${name}: ${header(name).slice(0, 100)}`
  if (own.includes(withoutTag(fromEmail))) return "it comes from our own address"
  if (header("auto-submitted") !== "" && !header("auto-submitted").startsWith("no")) return said("auto-submitted")
  if (/\b(bulk|junk|list|auto_reply)\b/.test(header("precedence"))) return said("precedence")
  for (const name of ["x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from", "x-failed-recipients"])
    if (header(name) !== "" && header(name) !== "no") return said(name)
  // Outlook puts it into what people write, too, as "None".
  if (/\b(all|oof|autoreply)\b/.test(header("x-auto-response-suppress"))) return said("x-auto-response-suppress")
  if (headers.has("return-path") && /^<?\s*>?$/.test(header("return-path"))) return "it has an empty return path"
  if (header("list-id") !== "" || header("list-unsubscribe") !== "") return "it comes from a mailing list"
  if (/multipart\/report|message\/delivery-status/.test(header("content-type"))) return "it is a delivery report"
  if (robots.test(fromEmail)) return `${fromEmail.split("@")[0]} is no person`
  if (subjects.test(subject)) return "its subject says that it is automatic"
  return null
}
