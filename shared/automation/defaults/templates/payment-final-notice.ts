import { mailText } from "../mailText.ts"
import { ofAmount, payButton, plan } from "../phrases.ts"

export const paymentFinalNotice = mailText({
  id: "payment-final-notice",
  name: "Dunning, day 7: final notice",
  subject: "Final notice: your invoice is still open",
  paragraphs: [
    `${ofAmount("Your payment")} has been open for a week. If it stays open, ${plan} may be suspended or end.`,
    "If you want to keep it, please pay now. If you would rather leave, reply to this mail and we will end the subscription for you.",
  ],
  button: payButton("Pay now"),
})
