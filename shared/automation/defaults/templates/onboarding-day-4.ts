import { mailText } from "../mailText.ts"
import { accountButton } from "../phrases.ts"

export const onboardingDay4 = mailText({
  id: "onboarding-day-4",
  name: "Onboarding, day 4: make it yours",
  mailClass: "marketing",
  subject: "Make it yours",
  paragraphs: [
    "By now you know what you use most. This is a good moment to set things up around that.",
    "Pick one thing that you would like to work differently, and look for it in your account. If it is not there, reply and tell us which one it was.",
  ],
  button: accountButton("Open your settings"),
})
