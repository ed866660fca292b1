import { mailText } from "../mailText.ts"
import { accountButton, plan } from "../phrases.ts"

export const welcome = mailText({
  id: "welcome",
  name: "Welcome",
  subject: "Welcome to {{ brand.name }}",
  paragraphs: [
    `Thank you for choosing ${plan}. Your subscription is active.`,
    "Your account is where you find your service, your invoices and your payment details.",
    "If anything does not work as you expect, reply to this mail and we will help.",
  ],
  button: accountButton("Open your account"),
})
