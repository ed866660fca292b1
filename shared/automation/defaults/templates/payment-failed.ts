import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

const reason =
  "{% if change.declineCode == 'insufficient_funds' %} Your bank says that the account did not hold enough at that moment.{% elsif change.declineCode == 'expired_card' %} Your bank says that the card has expired.{% endif %}"

export const paymentFailed = mailText({
  id: "payment-failed",
  name: "Dunning, at once: payment failed",
  subject: "Your payment did not go through",
  paragraphs: [
    `${ofAmount("Your payment")} did not go through.${reason} This happens, and it is quickly put right.`,
    "{% if invoice.nextPaymentAttempt %}We will try again on {{ invoice.nextPaymentAttempt | date }}. If your card has expired or has been replaced, please enter the new one before then.{% else %}Please pay the invoice or enter another card when you have a moment.{% endif %}",
  ],
  button: payButton("Pay or change your card"),
})
