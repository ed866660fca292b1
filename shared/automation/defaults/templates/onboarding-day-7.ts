import { mailText } from "../mailText.ts"

export const onboardingDay7 = mailText({
  id: "onboarding-day-7",
  name: "Onboarding, day 7: one question",
  mailClass: "marketing",
  subject: "One week with {{ brand.name }}",
  paragraphs: [
    "You have been with us for a week, and we have one question: what is the one thing that you would change?",
    "Reply with a sentence. A person reads it, and it helps us decide what to do next.",
  ],
})
