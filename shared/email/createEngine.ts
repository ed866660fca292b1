import { Liquid } from "liquidjs"
import { createMoneyFormat } from "../money.ts"

/** What mails need. Nothing that looks for files, and no way around the escaping of values. */
const tags = new Set([
  "if",
  "unless",
  "case",
  "for",
  "break",
  "continue",
  "assign",
  "capture",
  "comment",
  "raw",
  "echo",
  "#",
])
const filters = new Set(
  (
    "default upcase downcase capitalize strip squish truncate truncatewords append prepend replace remove slice split " +
    "size first last join map sort uniq reverse array_to_sentence_string " +
    "plus minus times divided_by modulo round floor ceil abs at_least at_most url_encode"
  ).split(" "),
)

const locale = "en"

/** LiquidJS with strict variables and filters, own properties only, and bounds on what a template may take. */
export function createEngine(outputEscape: "escape" | undefined): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape,
    parseLimit: 200_000,
    renderLimit: 500,
    memoryLimit: 2_000_000,
  })
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) Reflect.deleteProperty(liquid.tags, name)
  for (const name of Object.keys(liquid.filters)) if (!filters.has(name)) Reflect.deleteProperty(liquid.filters, name)
  const money = createMoneyFormat(locale)
  liquid.registerFilter("money", (amount: unknown, currency: unknown) =>
    typeof amount === "number" && typeof currency === "string" ? money(amount, currency) : "",
  )
  liquid.registerFilter("date", dateFilter({ dateStyle: "long" }))
  liquid.registerFilter("datetime", dateFilter({ dateStyle: "long", timeStyle: "short" }))
  return liquid
}

/** Dates come out on the clock of the scope's `timeZone`. What is no date comes out empty. */
function dateFilter(style: Intl.DateTimeFormatOptions) {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return function (this: { context: { getSync(path: string[]): unknown } }, value: unknown): string {
    const date = typeof value === "string" || typeof value === "number" ? new Date(value) : null
    if (date === null || value === "" || Number.isNaN(date.getTime())) return ""
    const timeZone = String(this.context.getSync(["timeZone"]))
    const format = formats.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...style, timeZone })
    formats.set(timeZone, format)
    return format.format(date)
  }
}
