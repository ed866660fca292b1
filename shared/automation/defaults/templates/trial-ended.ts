import { mailText } from "../mailText.ts"
import { accountButton, plan } from "../phrases.ts"

export const trialEnded = mailText({
  id: "trial-ended",
  name: "Trial ended without a subscription",
  subject: "Your trial has ended",
  paragraphs: [
    `Your trial of ${plan} is over, and you have not been charged.`,
    "If you would like to go on, you can subscribe from your account. If it was not what you needed, reply with a line about why: it helps us make it better.",
  ],
  button: accountButton("Choose a plan"),
})
