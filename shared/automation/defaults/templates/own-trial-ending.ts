import { mailText } from "../mailText.ts"
import { accountButton, trialEndDay, trialPlan } from "../phrases.ts"

export const ownTrialEnding = mailText({
  id: "own-trial-ending",
  name: "Trial of ours ending",
  subject: `Your trial ends ${trialEndDay}`,
  paragraphs: [
    `Your trial of ${trialPlan} ends ${trialEndDay}. Nothing is charged, and nothing goes on by itself.`,
    "To keep what you have set up, subscribe before that day. If a question stands in the way, reply to this mail: a person reads it.",
  ],
  button: accountButton("Choose a plan"),
})
