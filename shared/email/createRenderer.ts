import { Liquid, type Template } from "liquidjs"
import { AppError } from "../errors.ts"
import { formatMoney } from "../money.ts"
import { htmlLayout, textLayout } from "./layout.ts"
import type { MailVariables } from "./mailVariables.ts"

export interface MailSource {
  id: string
  version: number
  mailClass: "transactional" | "marketing"
  subject: string
  html: string
  text: string
}

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

/** Only what mails need: no `include`, `render` or `layout`, which would look for files. */
const forbiddenTags = ["include", "render", "layout", "block", "tablerow", "liquid"]

const locale = "en"

function createEngine(outputEscape: "escape" | undefined): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    outputEscape,
    parseLimit: 200_000,
    renderLimit: 500,
    memoryLimit: 2_000_000,
  })
  for (const tag of forbiddenTags)
    liquid.registerTag(tag, {
      parse() {
        throw new Error(`the tag "${tag}" is not available in mails`)
      },
      render() {},
    })
  const dateFilter = (style: Intl.DateTimeFormatOptions) => {
    const formats = new Map<string, Intl.DateTimeFormat>()
    return function (this: { context: { getSync(path: string[]): unknown } }, value: unknown): string {
      if (value === null || value === undefined || value === "") return ""
      const date = new Date(String(value))
      if (Number.isNaN(date.getTime())) return ""
      const timeZone = String(this.context.getSync(["timeZone"]))
      const format = formats.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...style, timeZone })
      formats.set(timeZone, format)
      return format.format(date)
    }
  }
  liquid.registerFilter("money", (amount: unknown, currency: unknown) =>
    typeof amount === "number" && typeof currency === "string" ? formatMoney(amount, currency, locale) : "",
  )
  liquid.registerFilter("date", dateFilter({ dateStyle: "long" }))
  liquid.registerFilter("datetime", dateFilter({ dateStyle: "long", timeStyle: "short" }))
  return liquid
}

export interface Renderer {
  /** Dates come out in `timeZone`. Throws `bad_request` naming template, part, line and variable. */
  render(source: MailSource, variables: MailVariables, timeZone: string): RenderedMail
}

/** Values come out escaped in HTML and as they are in subject and text. Each template is parsed once per renderer. */
export function createRenderer(): Renderer {
  const engines = { subject: createEngine(undefined), html: createEngine("escape"), text: createEngine(undefined) }
  const parsed = new Map<string, Template[]>()

  function part(name: keyof typeof engines, source: MailSource, scope: object): string {
    const engine = engines[name]
    const key = `${source.id}@${source.version}.${name}`
    try {
      const templates = parsed.get(key) ?? engine.parse(source[name])
      parsed.set(key, templates)
      return String(engine.renderSync(templates, scope))
    } catch (thrown) {
      throw templateError(source, name, thrown)
    }
  }

  return {
    render(source, variables, timeZone) {
      const scope = { ...variables, timeZone }
      const subject = part("subject", source, scope)
        .replace(/[\r\n\t\0]+/g, " ")
        .trim()
        .slice(0, 250)
      const { mailClass } = source
      return {
        subject,
        html: htmlLayout({ subject, body: part("html", source, scope), mailClass, variables }),
        text: textLayout({ body: part("text", source, scope), mailClass, variables }),
      }
    },
  }
}

function templateError(source: MailSource, part: string, thrown: unknown): AppError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError("bad_request", `Template "${source.id}", ${part}: ${message}`, { cause: thrown })
}
