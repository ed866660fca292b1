import { mailText } from "../mailText.ts"
import { accountButton } from "../phrases.ts"

export const winBack = mailText({
  id: "win-back",
  name: "Win-back, 30 days after the end",
  mailClass: "marketing",
  subject: "You are welcome back any time",
  paragraphs: [
    "It has been a month since your subscription ended. If the reason for leaving has gone away, you can start again from your account.",
    "If it has not, reply and tell us what was missing. We read every answer.",
  ],
  button: accountButton("Start again"),
})
