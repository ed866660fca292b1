import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

export const paymentAuthenticationReminder = mailText({
  id: "payment-authentication-reminder",
  name: "Authentication, day 3: still to confirm",
  subject: "Your payment still needs your confirmation",
  paragraphs: [
    `${ofAmount("Your payment")} is still waiting for you to confirm it with your bank.`,
    "We cannot do it for you, and trying again without you would fail. It takes about a minute.",
  ],
  button: payButton("Confirm the payment"),
})
