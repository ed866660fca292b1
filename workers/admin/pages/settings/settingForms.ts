import type { SettingName } from "../../../../shared/settings/settings.ts"

export interface SettingField {
  key: string
  label: string
  hint?: string
  kind: "text" | "email" | "url" | "number" | "time" | "color" | "lines" | "choice"
  choices?: { value: string; label: string }[]
}

export interface SettingForm {
  name: SettingName
  title: string
  lead: string
  fields: SettingField[]
}

/** What staff may change, as they are asked for it. A new setting is an entry here and one in shared/settings. */
export const settingForms: SettingForm[] = [
  {
    name: "brand",
    title: "Brand",
    lead: "What customers see in mails and on public pages.",
    fields: [
      { key: "name", label: "Name of the business", kind: "text" },
      { key: "fromName", label: "Sender's name", kind: "text" },
      { key: "fromEmail", label: "Sender's address", kind: "email", hint: "Its domain must be verified at Resend." },
      { key: "replyTo", label: "Replies go to", kind: "email" },
      { key: "websiteUrl", label: "Website", kind: "url" },
      { key: "accountUrl", label: "Where customers manage their account", kind: "url" },
      { key: "supportUrl", label: "Where customers find help", kind: "url" },
      { key: "postalAddress", label: "Postal address", kind: "text", hint: "The law asks for it in marketing mail." },
      { key: "color", label: "Colour", kind: "color" },
      { key: "timeZone", label: "Time zone", kind: "text", hint: "Of the business, such as Europe/Berlin." },
    ],
  },
  {
    name: "productFilter",
    title: "Product filter",
    lead: "Which of the Stripe account's products are this business's own. The others have no effect on customers.",
    fields: [
      {
        key: "mode",
        label: "Products that count",
        kind: "choice",
        choices: [
          { value: "all", label: "Every product" },
          { value: "only", label: "Only those named below" },
        ],
      },
      {
        key: "namePrefixes",
        label: "Names that begin with",
        kind: "lines",
        hint: "One on a line. Case does not matter.",
      },
      { key: "productIds", label: "Stripe ids", kind: "lines", hint: "One on a line." },
    ],
  },
  {
    name: "currencies",
    title: "Currencies",
    lead: "Every amount is kept in the currency it was charged in.",
    fields: [{ key: "reporting", label: "Sums are told in", kind: "text", hint: "An ISO 4217 code, such as eur." }],
  },
  {
    name: "marketing",
    title: "Quiet hours and caps",
    lead: "They hold back marketing mail only, on each customer's own clock.",
    fields: [
      { key: "quietFrom", label: "Quiet from", kind: "time" },
      { key: "quietUntil", label: "Quiet until", kind: "time" },
      { key: "capMails", label: "At most this many mails", kind: "number" },
      { key: "capDays", label: "in so many days", kind: "number" },
    ],
  },
  {
    name: "sync",
    title: "Stripe sync",
    lead: "Every day what we keep is compared with Stripe, and what differs is mended.",
    fields: [
      {
        key: "mostDifferences",
        label: "Tell staff above so many differences",
        kind: "number",
        hint: "Or events whose webhook never came.",
      },
      {
        key: "staleHours",
        label: "Tell staff when it last succeeded so many hours ago",
        kind: "number",
        hint: "Whether it is paused, fails or does not run. 0: never.",
      },
    ],
  },
  {
    name: "retention",
    title: "Retention",
    lead: "How long is kept what is needed only to look something up. What it led to stays.",
    fields: [
      { key: "payloadDays", label: "Bodies of events, in days", kind: "number" },
      { key: "runDays", label: "Runs of jobs, in days", kind: "number" },
    ],
  },
  {
    name: "lifecycle",
    title: "Lifecycle",
    lead: "When a customer moves on from one stage to the next.",
    fields: [
      { key: "purchaseHours", label: "Hours in the stage purchase", kind: "number" },
      { key: "onboardingDays", label: "Days in the stage onboarding", kind: "number" },
      { key: "winBackAfterDays", label: "Days after churn until win-back", kind: "number" },
    ],
  },
]

/** A form as sent, as the value that its setting wants; what does not fit is left for the schema to tell. */
export function settingValue(form: SettingForm, sent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    form.fields.map(({ key, kind }) => {
      const text = typeof sent[key] === "string" ? sent[key].trim() : ""
      if (kind === "number") return [key, text === "" ? Number.NaN : Number(text)]
      if (kind === "lines")
        return [
          key,
          text
            .split(/\r?\n/)
            .map((line) => line.trim())
            .filter((line) => line !== ""),
        ]
      return [key, text]
    }),
  )
}
