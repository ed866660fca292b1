import type { Template } from "liquidjs"
import { AppError } from "../errors.ts"
import { createEngine } from "./createEngine.ts"
import { htmlLayout, textLayout } from "./layout.ts"
import type { MailVariables } from "./mailVariables.ts"
import { metadataKeys, type UsedVariable, usedVariables } from "./templateVariables.ts"

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

export const templateParts = ["subject", "html", "text"] as const
export type TemplatePart = (typeof templateParts)[number]

export interface Renderer {
  /** Dates come out in `timeZone`. Throws `bad_request` naming template, part, line and variable. */
  render(source: MailSource, variables: MailVariables, timeZone: string): RenderedMail
  /** The variables that a part reads. Throws as `render` does where it cannot be parsed. */
  variablesOf(source: MailSource, part: TemplatePart): UsedVariable[]
}

interface Parsed {
  templates: Template[]
  used: UsedVariable[]
  metadata: ReturnType<typeof metadataKeys>
}

const longestSubject = 250

/** Values come out escaped in HTML and as they are in subject and text. Each template is parsed once per renderer. */
export function createRenderer(): Renderer {
  const plain = createEngine(undefined)
  const engines = { subject: plain, html: createEngine("escape"), text: plain }
  const parsed = new Map<string, Parsed>()

  function parse(source: MailSource, part: TemplatePart): Parsed {
    const key = `${source.id}@${source.version}.${part}`
    const known = parsed.get(key)
    if (known) return known
    const engine = engines[part]
    const templates = engine.parse(source[part])
    const used = usedVariables(engine, templates)
    const fresh = { templates, used, metadata: metadataKeys(used) }
    parsed.set(key, fresh)
    return fresh
  }

  function naming<Value>(source: MailSource, part: TemplatePart, run: () => Value): Value {
    try {
      return run()
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      throw new AppError("bad_request", `Template "${source.id}", ${part}: ${message}`, { cause: thrown })
    }
  }

  function renderPart(part: TemplatePart, source: MailSource, variables: MailVariables, timeZone: string): string {
    return naming(source, part, () => {
      const { templates, metadata } = parse(source, part)
      const { customer, subscription } = variables
      const scope = {
        ...variables,
        customer: withKeys(customer, metadata.customer),
        subscription: withKeys(subscription, metadata.subscription),
        timeZone,
      }
      return String(engines[part].renderSync(templates, scope))
    })
  }

  return {
    variablesOf: (source, part) => naming(source, part, () => parse(source, part).used),
    render(source, variables, timeZone) {
      const { mailClass } = source
      const subject = renderPart("subject", source, variables, timeZone)
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .trim()
        .slice(0, longestSubject)
      const text = renderPart("text", source, variables, timeZone)
      const html = renderPart("html", source, variables, timeZone)
      return {
        subject,
        html: htmlLayout({ subject, body: html, preview: text, mailClass, variables }),
        text: textLayout({ body: text, mailClass, variables }),
      }
    },
  }
}

/** Metadata keys that are absent are null, like everything else that does not apply. */
function withKeys<Owner extends { metadata: Record<string, string> | null }>(owner: Owner, keys: string[]): object {
  if (keys.length === 0) return owner
  return { ...owner, metadata: { ...Object.fromEntries(keys.map((key) => [key, null])), ...owner.metadata } }
}
