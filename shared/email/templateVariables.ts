import type { Liquid, Template } from "liquidjs"
import type { MailVariables } from "./mailVariables.ts"

export interface UsedVariable {
  /** `["customer", "name"]`; null where a name is worked out while rendering. */
  path: (string | number)[] | null
  written: string
  line: number
  column: number
}

/** Every variable that a template reads and does not define itself, also where neither sample would lead. */
export function usedVariables(engine: Liquid, templates: Template[]): UsedVariable[] {
  const { globals } = engine.analyzeSync(templates, { partials: false })
  return Object.values(globals)
    .flat()
    .map((variable) => {
      const path = variable.segments.filter((segment) => typeof segment !== "object")
      return {
        path: path.length === variable.segments.length ? path : null,
        written: String(variable),
        line: variable.location.row,
        column: variable.location.col,
      }
    })
}

const metadataOwners = ["customer", "subscription"] as const

/** The metadata keys of each owner that the template asks for; staff choose them, so that any may be absent. */
export function metadataKeys(used: UsedVariable[]): Record<(typeof metadataOwners)[number], string[]> {
  const of = (owner: string) =>
    used.flatMap(({ path }) =>
      path?.[0] === owner && path[1] === "metadata" && path.length > 2 ? [String(path[2])] : [],
    )
  return { customer: of("customer"), subscription: of("subscription") }
}

/** What is wrong with a variable, or null. `sample` holds everything that there is. */
export function variableProblem({ path, written }: UsedVariable, sample: MailVariables): string | null {
  if (path === null) return `"${written}" is looked up by a value; name the variable itself.`
  let holder: unknown = sample
  for (const [depth, name] of path.entries()) {
    if (depth === 2 && path[1] === "metadata") return null
    if (Array.isArray(holder) || typeof holder === "string")
      return typeof name === "number" || ["size", "first", "last"].includes(name)
        ? null
        : `there is no variable "${written}": ${path.slice(0, depth).join(".")} is a list or a text.`
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) {
      const known = typeof holder === "object" && holder !== null ? Object.keys(holder) : []
      return `there is no variable "${written}". ${path.slice(0, depth).join(".") || "There"} has: ${known.join(", ") || "nothing"}.`
    }
    holder = Reflect.get(holder, name)
  }
  return typeof holder === "object" && holder !== null && !Array.isArray(holder) && path.length === 1
    ? `"${written}" is a group of variables: name one of ${Object.keys(holder).join(", ")}.`
    : null
}
