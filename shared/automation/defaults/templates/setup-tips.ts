import { mailText } from "../mailText.ts"
import { accountButton } from "../phrases.ts"

export const setupTips = mailText({
  id: "setup-tips",
  name: "Set-up tips, a day after the start",
  mailClass: "marketing",
  subject: "Three things worth doing first",
  paragraphs: [
    "Three small things now save trouble later:",
    "1. Protect your account with a password that you use nowhere else.",
    "2. Check the name, address and e-mail on your account, so that invoices and notices reach the right person.",
    "3. Look through the settings once. A choice made early is the easiest to live with.",
  ],
  button: accountButton("Open your account"),
})
