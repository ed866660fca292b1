import { mailText } from "../mailText.ts"

const amount =
  "{% if invoice.id %}{{ invoice.amountRemaining | money: invoice.currency }}{% else %}your last invoice{% endif %}"
const next =
  "{% if invoice.nextPaymentAttempt %}We will try again on {{ invoice.nextPaymentAttempt | date }}; with a working card you need do nothing more.{% else %}Please pay it or update your card when you have a moment.{% endif %}"
const reason =
  "{% if change.declineCode == 'insufficient_funds' %}Your bank says that the account did not hold enough at that moment. {% elsif change.declineCode == 'expired_card' %}Your card has expired. {% endif %}"

export const dunningTemplates = [
  mailText({
    id: "payment-failed",
    name: "Payment failed",
    subject: "Your payment did not go through",
    paragraphs: [`We could not collect ${amount}. ${reason}This happens, and your service goes on for now.`, next],
    button: { label: "Check your payment", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-update-card",
    name: "Payment failed, day 3: update the card",
    subject: "Please update your card",
    paragraphs: [
      `${amount} is still open, three days after the first attempt.`,
      "Most often the card has expired or has been replaced. Entering the new one takes a minute, and the payment is collected at once.",
    ],
    button: { label: "Update your card", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-final-notice",
    name: "Payment failed, day 7: final notice",
    subject: "Final notice: your service is about to be suspended",
    paragraphs: [
      `${amount} has been open for a week. Without a payment in the next days your service will be suspended.`,
      "If you meant to leave, you need do nothing. If not, one click brings everything in order.",
    ],
    button: { label: "Pay now", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-last-notice",
    name: "Payment failed, day 10: last notice",
    subject: "Last notice about your open invoice",
    paragraphs: [
      `This is our last reminder about ${amount}. After this the subscription ends by itself, and its data is kept for a limited time only.`,
      "If something keeps you from paying, reply to this mail. We would rather find a way than lose you over a card.",
    ],
    button: { label: "Pay now", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-authentication",
    name: "Payment waits for the bank's confirmation",
    subject: "Your bank asks you to confirm a payment",
    paragraphs: [
      `Your bank wants you to confirm the payment of ${amount} before it lets it through. Your card is fine, and nothing has been charged yet.`,
      "Open the page below and follow your bank's steps; it takes a moment.",
    ],
    button: { label: "Confirm the payment", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-authentication-reminder",
    name: "Payment still waits for the bank's confirmation",
    subject: "Your payment still waits for your confirmation",
    paragraphs: [
      `The payment of ${amount} is still waiting for you to confirm it with your bank. Until then it stays open.`,
    ],
    button: { label: "Confirm the payment", url: "{{ links.pay }}" },
  }),
  mailText({
    id: "payment-recovered",
    name: "Payment recovered",
    subject: "Thank you, your payment arrived",
    paragraphs: [
      "{% if invoice.id %}{{ invoice.amountPaid | money: invoice.currency }} has arrived{% else %}Your payment has arrived{% endif %}, and everything is in order again. You need do nothing more.",
    ],
  }),
  mailText({
    id: "refund-confirmed",
    name: "Refund confirmed",
    subject: "Your refund is on its way",
    paragraphs: [
      "We have refunded {{ change.amount | money: change.currency }} to the card you paid with. Banks take 5 to 10 days to show it.",
    ],
  }),
]
