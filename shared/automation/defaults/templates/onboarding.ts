import { mailText } from "../mailText.ts"

const plan = "{% if subscription.id %}{{ subscription.plan }}{% else %}your plan{% endif %}"

export const onboardingTemplates = [
  mailText({
    id: "welcome",
    name: "Welcome",
    subject: "Welcome to {{ brand.name }}",
    paragraphs: [
      `Thank you for choosing ${plan}. Your subscription is active from this moment.`,
      "Everything you need is in your account: your service, your invoices and your payment details.",
      "Should anything not work as you expect, reply to this mail. A person reads it.",
    ],
    button: { label: "Open your account", url: "{{ links.account }}" },
  }),
  mailText({
    id: "setup-tips",
    name: "Set-up tips",
    mailClass: "marketing",
    subject: "Three things worth setting up first",
    paragraphs: [
      "A day in, these three steps save most people time later:",
      "1. Set a strong password and a second factor on your account.",
      "2. Invite the people you work or play with, so that nobody shares a login.",
      "3. Take a first backup, and look at where it is kept.",
      "Each takes a minute or two.",
    ],
    button: { label: "Go to your account", url: "{{ links.account }}" },
  }),
  mailText({
    id: "onboarding-day-2",
    name: "Onboarding, day 2",
    mailClass: "marketing",
    subject: "How is it going so far?",
    paragraphs: [
      "You have had two days with us. If something is unclear or slower than it should be, tell us now: it is easiest to mend early.",
      "Just reply to this mail, or open a ticket with a few words about what you were trying to do.",
    ],
    button: { label: "Ask a question", url: "{{ brand.supportUrl }}" },
  }),
  mailText({
    id: "onboarding-day-4",
    name: "Onboarding, day 4",
    mailClass: "marketing",
    subject: "Make it yours",
    paragraphs: [
      "Most people stop at the default settings. A few minutes with them make the difference: limits, notifications, and who may do what.",
      "Change one thing, try it, and change it back if you liked it better before. Nothing there is final.",
    ],
    button: { label: "Open your settings", url: "{{ links.account }}" },
  }),
  mailText({
    id: "onboarding-day-7",
    name: "Onboarding, day 7",
    mailClass: "marketing",
    subject: "One week with {{ brand.name }}",
    paragraphs: [
      "A week has passed. We hope that the service already feels like your own.",
      "What is the one thing that you would change about it? Reply with a sentence; it goes straight to the people who build it.",
    ],
  }),
]
