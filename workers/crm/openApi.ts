import * as z from "zod/mini"
import type { AnswerShape, Endpoint } from "./endpoint.ts"
import { recordSchemas } from "./recordSchemas.ts"

const errorCodes = {
  400: "The request does not fit",
  401: "No valid key",
  403: "The key has not the scope",
  404: "There is no such thing",
  409: "It contradicts what is there, or the Idempotency-Key was used otherwise or is under way",
  413: "The body is too large",
  415: "The body is not JSON",
  429: "Too many requests; see Retry-After",
  500: "Something went wrong on our side",
  503: "Something that we need does not answer; try again",
}

/** The OpenAPI 3.1 document of these operations. */
export function openApi(endpoints: Endpoint[], server: string) {
  const paths: Record<string, Record<string, object>> = {}
  for (const each of endpoints) paths[each.path] = { ...paths[each.path], [each.method]: operation(each) }
  return {
    openapi: "3.1.0",
    info: {
      title: "Ops HQ CRM API",
      version: "1",
      description:
        "Times are ISO 8601 in UTC, money is integer minor units. Lists are newest first; `next` is the cursor of the next page. Every error has the same shape.",
    },
    servers: [{ url: server }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key: ohq_…" } },
      schemas: {
        ...Object.fromEntries(
          Object.entries(recordSchemas).map(([name, schema]) => [name, jsonSchema(schema, "output")]),
        ),
        Error: {
          type: "object",
          required: ["error"],
          additionalProperties: false,
          properties: {
            error: {
              type: "object",
              required: ["code", "message", "docs", "requestId"],
              additionalProperties: false,
              properties: {
                code: { type: "string" },
                message: { type: "string" },
                docs: { type: "string" },
                requestId: { type: "string" },
              },
            },
          },
        },
      },
    },
  }
}

function operation(each: Endpoint) {
  const writes = each.method !== "get"
  const answers = Object.entries(each.answers).map(([status, shape]) => [status, answer(shape)])
  const errors = Object.entries(errorCodes).map(([status, description]) => [
    status,
    { description, content: json({ $ref: "#/components/schemas/Error" }) },
  ])
  return {
    operationId: each.id,
    tags: [each.tag],
    summary: each.summary,
    description: `Scope: \`${each.scope}\`.`,
    "x-scope": each.scope,
    parameters: [
      ...parameters(each.params, "path"),
      ...parameters(each.query, "query"),
      ...(writes
        ? [
            {
              name: "Idempotency-Key",
              in: "header",
              required: false,
              description: "Any text of your own. The same request under it has the same answer for 24 hours.",
              schema: { type: "string", minLength: 1, maxLength: 255 },
            },
          ]
        : []),
    ],
    ...(each.body && { requestBody: { required: true, content: json(jsonSchema(each.body, "input")) } }),
    ...(each.file && {
      requestBody: {
        required: true,
        description: `The file itself, up to ${each.file.bytes / 1e6} MB.`,
        content: Object.fromEntries(each.file.types.map((type) => [type, {}])),
      },
    }),
    responses: Object.fromEntries([...answers, ...errors]),
  }
}

const json = (schema: object) => ({ "application/json": { schema } })

function answer(shape: AnswerShape) {
  if (shape === "nothing") return { description: "Done" }
  if ("one" in shape) return { description: shape.one, content: json({ $ref: `#/components/schemas/${shape.one}` }) }
  return {
    description: `A page of ${shape.page}`,
    content: json({
      type: "object",
      required: ["data", "next"],
      additionalProperties: false,
      properties: {
        data: { type: "array", items: { $ref: `#/components/schemas/${shape.page}` } },
        next: { anyOf: [{ type: "string" }, { type: "null" }] },
      },
    }),
  }
}

function jsonSchema(schema: z.ZodMiniType, io: "input" | "output") {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" })
  return rest
}

function parameters(schema: z.ZodMiniType, place: "path" | "query") {
  const { properties = {}, required = [] } = jsonSchema(schema, place === "path" ? "input" : "output")
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: each,
  }))
}
