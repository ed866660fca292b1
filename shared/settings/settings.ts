import * as z from "zod/mini"

const hour = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write a time of day as 21:00."))
const line = (most: number) =>
  z.string().check(
    z.trim(),
    z.minLength(1, "Must not be empty."),
    z.maxLength(most, `At most ${most} characters.`),
    // A line break in a sender's name would begin a header of its own.
    z.regex(/^\P{Cc}*$/u, "Must be one line without control characters."),
  )
const email = z.email("Not an e-mail address.")
const url = z.url({ protocol: /^https?$/, error: "Not a web address; it begins with https://." })
const whole = (least: number, most: number) =>
  z
    .number(`A whole number from ${least} to ${most}.`)
    .check(
      z.int(`A whole number from ${least} to ${most}.`),
      z.minimum(least, `At least ${least}.`),
      z.maximum(most, `At most ${most}.`),
    )
const snowflake = z.string().check(z.regex(/^(\d{17,20})?$/, "Not an id of Discord: 17 to 20 digits."))
const timeZone = z.string().check(z.refine(isTimeZone, "Not a time zone; one is Europe/Berlin."))
const currency = z.string().check(z.refine(isCurrency, "Not an ISO 4217 code in small letters, such as eur."))

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value })
    return true
  } catch {
    return false
  }
}

function isCurrency(value: string): boolean {
  return /^[a-z]{3}$/.test(value) && Intl.supportedValuesOf("currency").includes(value.toUpperCase())
}

/** Every setting that staff may change: its shape and what holds until they do. */
export const settingSchemas = {
  brand: z._default(
    z.object({
      name: line(80),
      fromName: line(80),
      fromEmail: email,
      replyTo: email,
      websiteUrl: url,
      accountUrl: url,
      supportUrl: url,
      postalAddress: line(300),
      color: z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/, "Write a colour as #2f5bd8.")),
      timeZone,
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
      productIds: z.array(line(255)),
      namePrefixes: z.array(line(255)),
    }),
    { mode: "all", productIds: [], namePrefixes: [] },
  ),
  lifecycle: z._default(
    z.object({
      purchaseHours: whole(1, 720),
      onboardingDays: whole(1, 365),
      winBackAfterDays: whole(1, 3650),
    }),
    { purchaseHours: 24, onboardingDays: 14, winBackAfterDays: 30 },
  ),
  /** Marketing mail is not sent in these hours of the customer's day, nor more often than the cap. */
  marketing: z._default(
    z.object({
      quietFrom: hour,
      quietUntil: hour,
      capMails: whole(1, 1000),
      capDays: whole(1, 365),
    }),
    { quietFrom: "21:00", quietUntil: "08:00", capMails: 4, capDays: 7 },
  ),
  /**
   * So many differences from Stripe, or events that never arrived, a sync may find before staff are told; and so many hours
   * the last one that succeeded may be ago. 0 hours: staff are not told.
   */
  sync: z._default(z.object({ mostDifferences: whole(0, 1_000_000), staleHours: z._default(whole(0, 8760), 30) }), {
    mostDifferences: 5,
    staleHours: 30,
  }),
  /** How long bodies of settled events and runs of jobs are kept. Stripe itself keeps events for 30 days. */
  retention: z._default(z.object({ payloadDays: whole(30, 3650), runDays: whole(7, 3650) }), {
    payloadDays: 180,
    runDays: 60,
  }),
  /** How tickets work in Discord. Ids are Discord's; empty until `npm run discord:setup` or staff set them. */
  support: z._default(
    z.object({
      /** Whether a ticket is a channel of its own, or a private thread of the panel's channel. */
      place: z.enum(["channel", "thread"]),
      panelChannelId: snowflake,
      /** Whose members are staff. */
      staffRoleId: snowflake,
      /** The bot's own user. */
      botUserId: snowflake,
      /** Discord categories that channels of tickets go to; the second when the first is full, and so on. */
      parentIds: z.array(snowflake).check(z.maxLength(20)),
      cooldownMinutes: whole(0, 10_080),
      /** Hours without a word after which the side that owes the reply is reminded, warned, and the ticket closed; 0: never. */
      nudgeHours: whole(0, 8760),
      warnHours: whole(0, 8760),
      closeHours: whole(0, 8760),
      /** What becomes of a ticket whose opener has left the server. */
      openerLeft: z._default(z.enum(["close", "keep"]), "close"),
      /** So long a closed ticket's channel stays to be read. */
      keepHours: whole(0, 720),
      reopenDays: whole(0, 365),
    }),
    {
      place: "channel",
      panelChannelId: "",
      staffRoleId: "",
      botUserId: "",
      parentIds: [],
      cooldownMinutes: 1,
      nudgeHours: 24,
      warnHours: 72,
      closeHours: 96,
      openerLeft: "close",
      keepHours: 24,
      reopenDays: 14,
    },
  ),
  /** The message with the button, as the set-up has posted it. */
  supportPanel: z._default(
    z.object({
      channelId: snowflake,
      messageId: snowflake,
      /** What it says, by `panelVersion`. */
      shown: z._default(z.string(), ""),
      /** Why it could not be brought up to date, and when that was. */
      error: z._default(z.string(), ""),
      triedAt: z._default(z.string(), ""),
      /** While somebody is at it. */
      leaseUntil: z._default(z.string(), ""),
    }),
    { channelId: "", messageId: "", shown: "", error: "", triedAt: "", leaseUntil: "" },
  ),
  /** What the last set-up of Discord found; never set up where `at` is empty. */
  discordSetup: z._default(z.object({ at: z.string(), done: z.array(z.string()), problems: z.array(z.string()) }), {
    at: "",
    done: [],
    problems: [],
  }),
  /** When people are there to answer; the clock of response times stands still outside of it. */
  supportHours: z._default(
    z.object({
      timeZone,
      /** From Monday to Sunday; null: nobody is there that day. */
      days: z
        .array(z.nullable(z.object({ from: hour, until: hour })))
        .check(z.length(7, "Seven days, from Monday to Sunday.")),
    }),
    {
      timeZone: "Europe/Berlin",
      days: [...Array.from({ length: 5 }, () => ({ from: "09:00", until: "18:00" })), null, null],
    },
  ),
  /** Sums over customers are told in `reporting`, by stored rates. */
  currencies: z._default(z.object({ reporting: currency }), { reporting: "eur" }),
} as const

export type SettingName = keyof typeof settingSchemas
export type Settings = { [Name in SettingName]: z.infer<(typeof settingSchemas)[Name]> }
