import type { ErrorObject } from "ajv/dist/2020.js"
import type { FieldProblem } from "../discordError.ts"

/** Errors of a schema as Discord words them; of a union only those of the alternative that was meant. */
export function ajvProblems(errors: readonly ErrorObject[]): FieldProblem[] {
  const telling = errors.filter(({ keyword }) => !["oneOf", "anyOf", "allOf", "if"].includes(keyword))
  // `type` tells which alternative is meant: the others' errors say nothing.
  const wrong = new Set(
    telling.filter(isKind).map(({ schemaPath, instancePath }) => `${owner(schemaPath)} ${parent(instancePath)}`),
  )
  const meant = telling.filter(
    ({ schemaPath, instancePath, params }) =>
      params.type !== "null" &&
      !wrong.has(`${owner(schemaPath)} ${instancePath}`) &&
      !wrong.has(`${owner(schemaPath)} ${parent(instancePath)}`),
  )
  const shown = meant.length > 0 ? meant : telling.length > 0 ? telling : errors
  const byField = new Map(shown.map((error) => [`${error.instancePath} ${error.keyword}`, problem(error)]))
  return [...byField.values()].slice(0, 20)
}

const isKind = ({ instancePath, keyword }: ErrorObject) => keyword === "enum" && instancePath.endsWith("/type")
const owner = (schemaPath: string) => /schemas\/(\w+)/.exec(schemaPath)?.[1] ?? ""
const parent = (instancePath: string) => instancePath.replace(/\/[^/]*$/, "")

const codes: Record<string, string> = {
  required: "BASE_TYPE_REQUIRED",
  maxLength: "BASE_TYPE_BAD_LENGTH",
  minLength: "BASE_TYPE_BAD_LENGTH",
  maxItems: "BASE_TYPE_BAD_LENGTH",
  minItems: "BASE_TYPE_BAD_LENGTH",
  enum: "BASE_TYPE_CHOICES",
  maximum: "NUMBER_TYPE_MAX",
  minimum: "NUMBER_TYPE_MIN",
  format: "NUMBER_TYPE_COERCE",
  pattern: "NUMBER_TYPE_COERCE",
}

function problem({ instancePath, keyword, message = "", params }: ErrorObject): FieldProblem {
  const at = instancePath.split("/").slice(1)
  const missing = keyword === "required" ? [String(params.missingProperty)] : []
  return { path: [...at, ...missing], code: codes[keyword] ?? "BASE_TYPE_INVALID", message }
}
