import type { Settings } from "../../settings/settings.ts"
import { createRenderer, type MailSource, templateParts } from "../createRenderer.ts"
import { sampleVariables } from "../sampleVariables.ts"
import { variableProblem } from "../templateVariables.ts"

/** Gmail cuts a mail off here. */
const clippedAt = 102 * 1024

/**
 * Everything that would go wrong at send, or look wrong on arrival: syntax, unknown variables wherever they stand, an
 * empty part, a mail too large. Renders for a customer with everything known, for bare ones, and for those in between.
 */
export function lintTemplate(source: MailSource, brand: Settings["brand"]): string[] {
  const samples = sampleVariables(brand)
  const renderer = createRenderer()
  const problems = new Set<string>()
  if (/[\r\n]/.test(source.subject)) problems.add(`Template "${source.id}", subject: it must be on one line.`)
  for (const part of templateParts)
    collect(problems, () => {
      for (const used of renderer.variablesOf(source, part)) {
        const problem = variableProblem(used, samples.full)
        if (problem)
          problems.add(`Template "${source.id}", ${part}, line ${used.line}, column ${used.column}: ${problem}`)
      }
    })
  if (problems.size > 0) return [...problems]

  for (const [name, variables] of Object.entries(samples))
    collect(problems, () => {
      const mail = renderer.render(source, variables, brand.timeZone)
      const forWhom = `Template "${source.id}", for a customer "${name}"`
      if (mail.subject === "") problems.add(`${forWhom}: the subject is empty.`)
      if (mail.text.startsWith("\n\n-- \n")) problems.add(`${forWhom}: the text is empty.`)
      const { unsubscribe } = variables.links
      if (source.mailClass === "marketing" && !(mail.html.includes(unsubscribe) && mail.text.includes(unsubscribe)))
        problems.add(`${forWhom}: a marketing mail without the link to unsubscribe.`)
      if (new TextEncoder().encode(mail.html).byteLength > clippedAt)
        problems.add(`${forWhom}: the mail is larger than ${clippedAt / 1024} KB, where Gmail cuts it off.`)
    })
  return [...problems]
}

function collect(problems: Set<string>, run: () => void): void {
  try {
    run()
  } catch (thrown) {
    problems.add(thrown instanceof Error ? thrown.message : String(thrown))
  }
}
