import { mailText } from "../mailText.ts"
import { accountButton, trialPlan } from "../phrases.ts"

export const ownTrialEnded = mailText({
  id: "own-trial-ended",
  name: "Trial of ours ended",
  subject: "Your trial has ended",
  paragraphs: [
    `Your trial of ${trialPlan} is over, and you have not been charged.`,
    "If you would like to go on, you can subscribe from your account. If it was not what you needed, reply with a line about why: it helps us make it better.",
  ],
  button: accountButton("Choose a plan"),
})
