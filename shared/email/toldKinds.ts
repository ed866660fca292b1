/** What a customer's timeline tells of a mail, each at most once a mail: only what a person would want to see. */
export const toldKinds = [
  "email.sent",
  "email.bounced",
  "email.complained",
  "email.opened",
  "email.clicked",
  "email.failed",
  "email.suppressed",
]
