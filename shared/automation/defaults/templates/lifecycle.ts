import { mailText } from "../mailText.ts"

const trialEnd = "{% if subscription.trialEnd %}on {{ subscription.trialEnd | date }}{% else %}soon{% endif %}"

export const lifecycleTemplates = [
  mailText({
    id: "trial-ending",
    name: "Trial ending",
    subject: "Your trial ends soon",
    paragraphs: [
      `Your trial of {{ subscription.plan }} ends ${trialEnd}.`,
      "If you have a card on file, the subscription goes on by itself. If you would rather not, cancel before then and nothing is charged.",
    ],
    button: { label: "Review your plan", url: "{{ links.account }}" },
  }),
  mailText({
    id: "trial-ended",
    name: "Trial ended",
    subject: "Your trial has ended",
    paragraphs: [
      "Your trial is over, and nothing has been charged. Your data is kept for a while, so you can pick up where you left off.",
      "If it was not what you needed, a line about why would help us.",
    ],
    button: { label: "Choose a plan", url: "{{ links.account }}" },
  }),
  mailText({
    id: "cancellation-scheduled",
    name: "Cancellation scheduled",
    subject: "Your cancellation is confirmed",
    paragraphs: [
      "Your subscription of {{ subscription.plan }} is cancelled and runs until {% if subscription.cancelAt %}{{ subscription.cancelAt | date }}{% else %}the end of the paid period{% endif %}. Nothing more will be charged.",
      "Until then everything works as before, and you can change your mind with one click.",
    ],
    button: { label: "Keep my subscription", url: "{{ links.account }}" },
  }),
  mailText({
    id: "win-back",
    name: "Win-back, 30 days after leaving",
    mailClass: "marketing",
    subject: "We have kept your place",
    paragraphs: [
      "A month ago you left {{ brand.name }}. If the reason has gone away, you can come back in a minute, with your old account.",
      "And if it has not, tell us what it was. We read every answer.",
    ],
    button: { label: "Come back", url: "{{ links.account }}" },
  }),
]
