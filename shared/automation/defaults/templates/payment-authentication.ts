import { mailText } from "../mailText.ts"
import { ofAmount, payButton } from "../phrases.ts"

export const paymentAuthentication = mailText({
  id: "payment-authentication",
  name: "Authentication, at once: please confirm",
  subject: "Your bank asks you to confirm a payment",
  paragraphs: [
    `Your bank would like you to confirm ${ofAmount("a payment")} before it goes through. Nothing is wrong with your card: banks ask for this from time to time, to protect you.`,
    "Open the page below and follow your bank's steps. Nothing is charged until you do.",
  ],
  button: payButton("Confirm the payment"),
})
