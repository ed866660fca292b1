import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

export const paymentUpdateCard = mailText({
  id: "payment-update-card",
  name: "Dunning, day 3: update your card",
  subject: "Please update your card",
  paragraphs: [
    `${ofAmount("Your payment")} is still open.`,
    "The usual reason is a card that has expired, has been replaced or has reached its limit. Paying with another card takes a minute and settles it.",
  ],
  button: payButton("Update your card"),
})
