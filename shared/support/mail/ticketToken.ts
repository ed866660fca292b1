const longestSubject = 200
const prefixes = /^\s*((re|aw|antw|antwort|sv|vs|fw|fwd|wg|tr|rv|res)(\[\d+\])?\s*:\s*)+/i

/** What people and mail programs keep when they answer: how a mail is told to belong to a ticket. */
export const ticketToken = (number: number): string => `[#${number}]`

/** Numbers of tickets that a subject or a recipient such as `support+123@example.com` names. */
export function tokensIn(subject: string, recipients: readonly string[]): number[] {
  const named = [...subject.matchAll(/\[#(\d{1,12})\]/g)].map((match) => Number(match[1]))
  const tagged = recipients.flatMap((recipient) => {
    const tag = /^[^@+]+\+(\d{1,12})@/.exec(recipient)?.[1]
    return tag === undefined ? [] : [Number(tag)]
  })
  return [...new Set([...named, ...tagged])].slice(0, 10)
}

/** The address under which an answer belongs to the ticket, whatever becomes of the subject. */
export const taggedAddress = (address: string, number: number): string => address.replace(/(\+[^@]*)?@/, `+${number}@`)

/** A subject as the ticket's, without what answering and forwarding put before it. */
export const bareSubject = (subject: string): string =>
  subject
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .replaceAll(/\[#\d{1,12}\]/g, "")
    .replace(prefixes, "")
    .trim()
    .slice(0, longestSubject)
    .toWellFormed()

export const replySubject = (subject: string, number: number): string =>
  `Re: ${bareSubject(subject) || "Your request"} ${ticketToken(number)}`
