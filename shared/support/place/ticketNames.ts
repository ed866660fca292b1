/** What a ticket is called in Discord. */
export const ticketName = (number: number): string => `#${String(number).padStart(4, "0")}`

/** Small letters, digits and hyphens, as Discord wants them of text channels. */
export function channelName(number: number, openerName: string): string {
  const person = openerName
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
  return `ticket-${String(number).padStart(4, "0")}${person ? `-${person.slice(0, 60)}` : ""}`
}

/** Stands in the topic of its channel, so that one that was made and not written down is found. */
export const topicMarker = (ticketId: string): string => `ticket:${ticketId}`
export const threadName = (number: number, openerName: string): string =>
  `${ticketName(number)} ${openerName}`.slice(0, 100).toWellFormed()
export const staffThreadName = (number: number): string => `Staff: ${ticketName(number)}`
