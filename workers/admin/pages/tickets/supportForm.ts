import type { SettingForm } from "../settings/settingForms.ts"

/** How tickets work in Discord, as staff are asked for it. */
export const supportForm: SettingForm = {
  name: "support",
  title: "Discord",
  lead: "Ids are Discord's own; `npm run discord:setup` fills them in.",
  fields: [
    {
      key: "place",
      label: "A ticket is",
      kind: "choice",
      choices: [
        { value: "channel", label: "a private channel of its own" },
        { value: "thread", label: "a private thread of the panel's channel" },
      ],
    },
    { key: "panelChannelId", label: "Channel of the panel", kind: "text" },
    { key: "staffRoleId", label: "Role of the staff", kind: "text" },
    { key: "botUserId", label: "User of the bot", kind: "text" },
    {
      key: "parentIds",
      label: "Categories that channels go to",
      kind: "lines",
      hint: "One on a line: the second is used when the first is full.",
    },
    { key: "cooldownMinutes", label: "Minutes until somebody may open the next one", kind: "number" },
    { key: "nudgeHours", label: "Hours until whoever owes the reply is reminded", kind: "number", hint: "0: never." },
    { key: "warnHours", label: "Hours until they are warned", kind: "number", hint: "0: never." },
    { key: "closeHours", label: "Hours until it is closed", kind: "number", hint: "0: never." },
    {
      key: "openerLeft",
      label: "When the opener leaves the server",
      kind: "choice",
      choices: [
        { value: "close", label: "the ticket is closed" },
        { value: "keep", label: "staff are told, and it stays open" },
      ],
    },
    { key: "keepHours", label: "Hours that a closed ticket's channel stays", kind: "number" },
    { key: "reopenDays", label: "Days in which the opener may reopen it", kind: "number" },
  ],
}
