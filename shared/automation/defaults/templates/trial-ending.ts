import { mailText } from "../mailText.ts"
import { accountButton, plan } from "../phrases.ts"

const when = "{% if subscription.trialEnd %}on {{ subscription.trialEnd | date }}{% else %}soon{% endif %}"

export const trialEnding = mailText({
  id: "trial-ending",
  name: "Trial ending",
  subject: `Your trial ends ${when}`,
  paragraphs: [
    `Your trial of ${plan} ends ${when}.`,
    "If there is a payment method on your account, the paid subscription begins then and the first payment is taken. If you would rather not go on, cancel before that day and you pay nothing.",
  ],
  button: accountButton("Review your subscription"),
})
