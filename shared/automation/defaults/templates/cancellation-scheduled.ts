import { mailText } from "../mailText.ts"
import { accountButton, plan } from "../phrases.ts"

export const cancellationScheduled = mailText({
  id: "cancellation-scheduled",
  name: "Cancellation scheduled",
  subject: "Your cancellation is confirmed",
  paragraphs: [
    `As you asked, ${plan} will end {% if subscription.cancelAt %}on {{ subscription.cancelAt | date }}{% else %}with the period that you have paid for{% endif %} and will not renew. Until then everything works as before.`,
    "If you change your mind, you can keep it from your account until that day.",
  ],
  button: accountButton("Keep my subscription"),
})
