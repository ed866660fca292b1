import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

export const paymentLastNotice = mailText({
  id: "payment-last-notice",
  name: "Dunning, day 10: last notice",
  subject: "Last reminder about your open invoice",
  paragraphs: [
    `This is the last time that we write to you about your open ${ofAmount("payment")}. After this, your subscription may end at any time.`,
    "If something keeps you from paying, reply to this mail. We would rather find a way together.",
  ],
  button: payButton("Pay now"),
})
