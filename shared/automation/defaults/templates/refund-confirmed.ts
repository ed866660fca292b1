import { mailText } from "../mailText.ts"

export const refundConfirmed = mailText({
  id: "refund-confirmed",
  name: "Refund confirmed",
  subject: "Your refund is on its way",
  paragraphs: [
    "We have refunded {% if change.amount %}{{ change.amount | money: change.currency }}{% else %}your payment{% endif %} to the payment method that you used.",
    "Most banks show it within 5 to 10 business days. There is nothing for you to do.",
  ],
})
