import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

export const paymentAuthenticationLast = mailText({
  id: "payment-authentication-last",
  name: "Authentication, day 10: last notice",
  subject: "Last reminder: your payment is unconfirmed",
  paragraphs: [
    `This is the last time that we ask you to confirm ${ofAmount("your payment")}. After this, your subscription may end at any time.`,
    "If your bank's page gives you trouble, reply to this mail. We would rather find a way together.",
  ],
  button: payButton("Confirm or pay"),
})
