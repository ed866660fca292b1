import { isRobot } from "./isRobot.ts"
import { type MailAddress, withoutTag } from "./mailAddress.ts"

/** Why a mail seems to be nobody's, and how sure that is. */
export interface AutomaticReason {
  /**
   * certain: mail servers and programs say so. likely: people's mail looks like that at times. possible: only its subject
   * speaks, and anybody may write so.
   */
  certainty: "certain" | "likely" | "possible"
  reason: string
}

const servers = /^(mailer-daemon|postmaster|mail-daemon)([+._-].*)?@/i
/** How programs that answer for people begin their subjects. */
const subjects =
  /^\s*(auto(matic|mated|matisch\p{L}*)?[\s:-]*(reply|response|antwort)|autoreply|out of (the )?office|abwesenheit|undeliver(ed|able)|(mail )?delivery (status notification|failure|failed|has failed)|returned mail|réponse automatique|respuesta automática)/iu

/**
 * Why nobody wrote this mail for us to answer: an auto-reply, a bounce, a list, or our own address; null where a person
 * did. `own`: our addresses in lower case.
 */
export function automaticReason(
  mail: { fromEmail: string; replyTo: MailAddress | null; subject: string; headers: ReadonlyMap<string, string> },
  own: readonly string[],
): AutomaticReason | null {
  const reason = certainReason(mail, own)
  if (reason !== null) return { certainty: "certain", reason }
  if (mail.headers.get("list-unsubscribe")?.trim())
    return { certainty: "likely", reason: "it can be unsubscribed from, as mail to many" }
  if (isRobot(mail.fromEmail) && !mail.replyTo)
    return { certainty: "likely", reason: `${mail.fromEmail.split("@")[0]} is no person` }
  if (subjects.test(mail.subject)) return { certainty: "possible", reason: "its subject says that it is automatic" }
  return null
}

function certainReason(
  { fromEmail, headers }: { fromEmail: string; headers: ReadonlyMap<string, string> },
  own: readonly string[],
): string | null {
  const header = (name: string) => headers.get(name)?.trim().toLowerCase() ?? ""
  const said = (name: string) => `${name}: ${header(name).slice(0, 100)}`
  if (own.includes(withoutTag(fromEmail))) return "it comes from our own address"
  if (header("auto-submitted") !== "" && !header("auto-submitted").startsWith("no")) return said("auto-submitted")
  if (/\b(bulk|junk|list|auto_reply)\b/.test(header("precedence"))) return said("precedence")
  for (const name of ["x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply-from", "x-failed-recipients"])
    if (header(name) !== "" && header(name) !== "no") return said(name)
  if (headers.has("return-path") && /^<?\s*>?$/.test(header("return-path"))) return "it has an empty return path"
  if (header("list-id") !== "") return "it comes from a mailing list"
  if (/multipart\/report|message\/delivery-status/.test(header("content-type"))) return "it is a delivery report"
  if (servers.test(fromEmail)) return `${fromEmail.split("@")[0]} is no person`
  return null
}
