import { mailText } from "../mailText.ts"

export const paymentRecovered = mailText({
  id: "payment-recovered",
  name: "Payment recovered",
  subject: "Thank you, your payment arrived",
  paragraphs: [
    "Your payment{% if invoice.id %} of {{ invoice.amountPaid | money: invoice.currency }}{% endif %} has arrived. Everything is in order again, and there is nothing left for you to do.",
    "Thank you for taking care of it.",
  ],
})
