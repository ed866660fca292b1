import { readFileSync } from "node:fs"
import path from "node:path"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const object = (value: unknown): Json => (isObject(value) ? value : {})

/** Discord's documents want the bits of permissions as text, its OpenAPI document as integers; Discord takes both. */
const bitFields = ["allow", "deny", "default_member_permissions"]

function withTextBits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTextBits)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      bitFields.includes(name) ? { anyOf: [{ type: "string", pattern: "^\\d+$" }, inner] } : withTextBits(inner),
    ]),
  )
}

export interface DiscordRequest {
  method: string
  /** Below the API's base, with its query. */
  path: string
  /** The JSON of the body, also of one with files. */
  body?: unknown
}

/** Discord's OpenAPI document as a judge of requests: what is wrong with one, in words; nothing where it is right. */
export function discordSpec(): (request: DiscordRequest) => string[] {
  const file = path.join(import.meta.dirname, "../../../shared/specs/discord-openapi.json")
  const spec = object(withTextBits(JSON.parse(readFileSync(file, "utf8"))))
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv, ["uri", "date-time", "int32", "int64", "double"])
  ajv.addFormat("snowflake", /^\d{1,20}$/)
  ajv.addFormat("nonce", /^.{1,25}$/su)
  ajv.addSchema({ $id: "discord", ...object(spec) })
  const compiled = new Map<string, ValidateFunction>()

  /** `pointer`: where the schema is, in the document. Fields that it does not name are mistakes of ours. */
  function validate(pointer: string[], value: unknown): string[] {
    const key = pointer.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")
    let check = compiled.get(key)
    if (!check) {
      check = ajv.compile({ $ref: `discord#/${encodeURI(key)}`, unevaluatedProperties: false })
      compiled.set(key, check)
    }
    if (check(value)) return []
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }

  const templates = Object.keys(object(spec.paths))
    .map((template) => ({ template, parts: template.split("/") }))
    // What is spelled out goes before what stands for anything.
    .sort((a, b) => a.template.split("{").length - b.template.split("{").length)

  return ({ method, path: target, body }) => {
    const url = new URL(target, "https://discord.invalid")
    const parts = url.pathname.split("/")
    const found = templates.find(
      (each) =>
        each.parts.length === parts.length &&
        each.parts.every((part, index) => part.startsWith("{") || part === parts[index]),
    )
    const item = object(object(spec.paths)[found?.template ?? ""])
    const operation = method.toLowerCase()
    if (!found || !isObject(item[operation])) return [`there is no ${method} ${url.pathname}`]
    const { template } = found
    const problems: string[] = []

    const judge = (list: unknown, place: string[]) => {
      if (!Array.isArray(list)) return
      for (const [index, parameter] of list.map(object).entries()) {
        const name = String(parameter.name)
        const given =
          parameter.in === "path" ? parts[found.parts.indexOf(`{${name}}`)] : (url.searchParams.get(name) ?? undefined)
        if (given === undefined) {
          if (parameter.required === true) problems.push(`${name} is missing`)
          continue
        }
        url.searchParams.delete(name)
        const type = object(parameter.schema).type
        const value = type === "integer" ? Number(given) : type === "boolean" ? given === "true" : given
        const wrong = validate([...place, String(index), "schema"], value)
        problems.push(...wrong.map((problem) => `${name}${problem}`))
      }
    }
    judge(item.parameters, ["paths", template, "parameters"])
    judge(object(item[operation]).parameters, ["paths", template, operation, "parameters"])
    for (const name of url.searchParams.keys()) problems.push(`${name} is no parameter of it`)

    const wanted = object(object(item[operation]).requestBody)
    if (Object.keys(wanted).length === 0) {
      if (body !== undefined) problems.push("it takes no body")
    } else if (body === undefined) {
      if (wanted.required === true) problems.push("it wants a body")
    } else
      problems.push(
        ...validate(["paths", template, operation, "requestBody", "content", "application/json", "schema"], body),
      )
    return problems
  }
}
