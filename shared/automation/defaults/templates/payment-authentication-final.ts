import { mailText } from "../mailText.ts"
import { ofAmount, payButton, plan } from "../phrases.ts"

export const paymentAuthenticationFinal = mailText({
  id: "payment-authentication-final",
  name: "Authentication, day 7: final notice",
  subject: "Final notice: please confirm your payment",
  paragraphs: [
    `${ofAmount("Your payment")} has been waiting for a week for you to confirm it with your bank. If it stays open, ${plan} may be suspended or end.`,
    "If confirming does not work, the same page lets you pay with another card. If you would rather leave, reply to this mail and we will end the subscription for you.",
  ],
  button: payButton("Confirm or pay"),
})
