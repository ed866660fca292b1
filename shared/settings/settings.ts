import * as z from "zod/mini"

const hour = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/))

/** Every setting that staff may change: its shape and what holds until they do. */
export const settingSchemas = {
  brand: z._default(
    z.object({
      name: z.string(),
      fromName: z.string(),
      fromEmail: z.string(),
      replyTo: z.string(),
      websiteUrl: z.string(),
      accountUrl: z.string(),
      supportUrl: z.string(),
      postalAddress: z.string(),
      color: z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/)),
      timeZone: z.string(),
    }),
    {
      name: "Example Hosting",
      fromName: "Example Hosting",
      fromEmail: "hello@example.com",
      replyTo: "support@example.com",
      websiteUrl: "https://www.example.com",
      accountUrl: "https://www.example.com/account",
      supportUrl: "https://www.example.com/support",
      postalAddress: "Example Hosting, 1 Example Street, 12345 Exampletown",
      color: "#2f5bd8",
      timeZone: "Europe/Berlin",
    },
  ),
  /**
   * Which products are the business's own. `all`: every one. `only`: a product is ours when its id is listed or its
   * name starts with one of the prefixes, ignoring case.
   */
  productFilter: z._default(
    z.object({
      mode: z.enum(["all", "only"]),
      productIds: z.array(z.string()),
      namePrefixes: z.array(z.string()),
    }),
    { mode: "all", productIds: [], namePrefixes: [] },
  ),
  lifecycle: z._default(
    z.object({
      purchaseHours: z.number(),
      onboardingDays: z.number(),
      winBackAfterDays: z.number(),
    }),
    { purchaseHours: 24, onboardingDays: 14, winBackAfterDays: 30 },
  ),
  /** Marketing mail is not sent in these hours of the customer's day, nor more often than the cap. */
  marketing: z._default(
    z.object({
      quietFrom: hour,
      quietUntil: hour,
      capMails: z.number(),
      capDays: z.number(),
    }),
    { quietFrom: "21:00", quietUntil: "08:00", capMails: 4, capDays: 7 },
  ),
} as const

export type SettingName = keyof typeof settingSchemas
export type Settings = { [Name in SettingName]: z.infer<(typeof settingSchemas)[Name]> }
