import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { z } from "zod"
import type { FieldProblem } from "../discordError.ts"
import { ajvProblems } from "./ajvProblems.ts"
import { integersOf } from "./integersOf.ts"

const published = path.join(import.meta.dirname, "../../../../../shared/specs/discord-openapi.json")

const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.unknown(),
})
const media = z.looseObject({ schema: z.unknown() })
const operation = z.looseObject({
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ required: z.boolean().optional(), content: z.record(z.string(), media) }).optional(),
})
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

interface Route {
  template: string
  pattern: RegExp
}

/** Discord's published OpenAPI document, asked what is wrong with a request. Where it is absent, nothing is. */
export class OpenApi {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, logger: false })
  private readonly validators = new Map<string, ValidateFunction>()
  private readonly spec: z.infer<typeof document> | null
  private readonly routes: Route[]

  constructor(file = published) {
    this.spec = existsSync(file) ? document.parse(JSON.parse(readFileSync(file, "utf8"))) : null
    this.routes = Object.keys(this.spec?.paths ?? {})
      .map((template) => ({ template, pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`) }))
      // Fixed words before parameters: /users/@me before /users/{user_id}.
      .toSorted((a, b) => a.template.split("{").length - b.template.split("{").length)
    addFormats.default(this.ajv)
    this.ajv.addFormat("snowflake", (id: string) => /^\d{1,20}$/.test(id) && BigInt(id) < 2n ** 64n)
    this.ajv.addFormat("nonce", (nonce: string) => nonce.length <= 25)
    if (this.spec) this.ajv.addSchema({ $id: "discord", components: this.spec.components })
  }

  get present(): boolean {
    return this.spec !== null
  }

  /** Whether the document knows such a request at all. */
  knows(method: string, at: string): boolean {
    return this.operation(method, at) !== undefined
  }

  bodyProblems(method: string, at: string, body: unknown): FieldProblem[] {
    const found = this.operation(method, at)
    const content = found?.operation.requestBody?.content["application/json"]
    if (!found || !content) return []
    return this.check(`${method} ${found.template}`, content.schema, integersOf(body))
  }

  queryProblems(method: string, at: string, query: Record<string, string>): FieldProblem[] {
    const found = this.operation(method, at)
    return (found?.operation.parameters ?? []).flatMap((each) => {
      const value = each.in === "query" ? query[each.name] : undefined
      if (value === undefined) return []
      const key = `${method} ${found?.template} ?${each.name}`
      const attempts = readings(value).map((reading) => this.check(key, each.schema, reading))
      const problems = attempts.some(({ length }) => length === 0) ? [] : (attempts[0] ?? [])
      return problems.map((problem) => ({ ...problem, path: [each.name, ...problem.path] }))
    })
  }

  private operation(method: string, at: string) {
    const route = this.routes.find(({ pattern }) => pattern.test(at))
    const found = route && this.spec?.paths[route.template]?.[method.toLowerCase()]
    return route && found ? { template: route.template, operation: operation.parse(found) } : undefined
  }

  private check(key: string, schema: unknown, value: unknown): FieldProblem[] {
    const validate = this.validators.get(key) ?? this.ajv.compile(absolute(schema))
    this.validators.set(key, validate)
    const errors: ErrorObject[] = validate(value) ? [] : (validate.errors ?? [])
    return ajvProblems(errors)
  }
}

const anySchema = z.record(z.string(), z.unknown())

/** A schema whose references lead into the document. */
const absolute = (schema: unknown): Record<string, unknown> =>
  anySchema.parse(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"discord#/')))

/** What a value of a query may be meant as. */
const readings = (value: string): unknown[] => [
  value,
  ...(/^-?\d+$/.test(value) ? [Number(value)] : []),
  ...(value === "true" || value === "false" ? [value === "true"] : []),
]
