import type { IncomingMail } from "./incomingMail.ts"
import { isRobot } from "./isRobot.ts"
import type { MailAddress } from "./mailAddress.ts"

/**
 * Whom a mail's ticket belongs to, and answers go to. Of a contact form, which writes as nobody, it is who its Reply-To
 * names; of a person that only where the mail is proven theirs: nobody has what is meant for somebody else sent to
 * themselves. `note` tells staff where that and the sender differ.
 */
export function correspondentOf(
  mail: Pick<IncomingMail, "fromEmail" | "fromName" | "replyTo" | "authentication">,
): MailAddress & { note: string | null } {
  const { fromEmail, replyTo, authentication } = mail
  const sender = { email: fromEmail, name: mail.fromName }
  if (replyTo === null) return { ...sender, note: null }
  if (isRobot(fromEmail))
    return {
      ...replyTo,
      note: `This came from ${fromEmail}. Answers go to ${replyTo.email}, its Reply-To; nothing proves that they wrote it.`,
    }
  if (authentication.dmarc === "pass")
    return { ...replyTo, note: `This came from ${fromEmail}, who asks for answers at ${replyTo.email}.` }
  return {
    ...sender,
    note: `This mail asks for answers at ${replyTo.email}. They go to ${fromEmail}, since nothing proves who wrote it.`,
  }
}
