import { mailText } from "../mailText.ts"
import { plan } from "../phrases.ts"

export const onboardingDay2 = mailText({
  id: "onboarding-day-2",
  name: "Onboarding, day 2: any questions?",
  mailClass: "marketing",
  subject: "How is it going so far?",
  paragraphs: [
    `You have had ${plan} for two days now. If something is unclear, or slower than it should be, please tell us: the start is the best time to sort it out.`,
    "A few words about what you are trying to do are enough.",
  ],
  button: { label: "Ask a question", url: "{{ brand.supportUrl }}" },
})
