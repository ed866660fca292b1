import { mailText } from "../mailText.ts"
import { accountButton, trialEndDay, trialPlan } from "../phrases.ts"

export const ownTrialLastDay = mailText({
  id: "own-trial-last-day",
  name: "Trial of ours, last day",
  subject: "One day left of your trial",
  paragraphs: [
    `Your trial of ${trialPlan} ends ${trialEndDay}, and what runs in it is switched off then.`,
    "Subscribe today and it goes on without a break.",
  ],
  button: accountButton("Choose a plan"),
})
