import * as z from "zod/mini"
import type { Context } from "../../shared/context.ts"
import type { CancellationVendors } from "../../shared/crm/cancellation/carryOutCancellation.ts"
import { AppError } from "../../shared/errors.ts"
import type { Permission } from "../../shared/staff/roles.ts"
import type { recordSchemas } from "./recordSchemas.ts"

export type ApiContext = Context<CancellationVendors, "emails">
export type RecordName = keyof typeof recordSchemas

export interface Answer {
  status: number
  /** null: no body. */
  body: unknown
}

/** What an answer holds: one record, a page of them, or nothing. */
export type AnswerShape = { one: RecordName } | { page: RecordName } | "nothing"

interface Described {
  method: "get" | "post" | "delete"
  /** As OpenAPI writes it: `/v1/customers/{id}`. */
  path: string
  /** `operationId`. */
  id: string
  tag: string
  summary: string
  scope: Permission
  answers: Record<number, AnswerShape>
}

/** A body that is a file. */
export interface FileShape {
  bytes: number
  types: string[]
}

interface Extra {
  /** The Idempotency-Key, null where none was sent. */
  requestKey: string | null
}

export interface Endpoint extends Described {
  params: z.ZodMiniType
  query: z.ZodMiniType
  /** null: takes none, or a file. */
  body: z.ZodMiniType | null
  file: FileShape | null
  /** Reads what came in and does it; throws `bad_request` before anything is done. */
  read(raw: { params: unknown; query: unknown; body: unknown }): (ctx: ApiContext, extra: Extra) => Promise<Answer>
}

export const none = z.strictObject({})

/** One operation: what it takes and tells, and what it does. */
export function endpoint<
  Params extends z.ZodMiniType = typeof none,
  Query extends z.ZodMiniType = typeof none,
  Body extends z.ZodMiniType = typeof none,
>(
  given: Described & {
    params?: Params
    query?: Query
    body?: Body
    run(
      ctx: ApiContext,
      input: { params: z.infer<Params>; query: z.infer<Query>; body: z.infer<Body> },
      extra: Extra,
    ): Promise<Answer>
  },
): Endpoint {
  const { params, query, body, run, ...described } = given
  const shape = { params: params ?? none, query: query ?? none, body: body ?? none }
  return {
    ...described,
    params: shape.params,
    query: shape.query,
    body: body ?? null,
    file: null,
    read(raw) {
      const input = {
        params: readPart("path", shape.params, raw.params),
        query: readPart("query", shape.query, raw.query),
        body: readPart("body", shape.body, raw.body),
      } as Parameters<typeof run>[1]
      return (ctx, extra) => run(ctx, input, extra)
    },
  }
}

/** One operation that takes a file. */
export function fileEndpoint<Query extends z.ZodMiniType>(
  given: Described & {
    file: FileShape
    query: Query
    run(ctx: ApiContext, input: { file: Uint8Array; query: z.infer<Query> }): Promise<Answer>
  },
): Endpoint {
  const { query, run, ...described } = given
  return {
    ...described,
    params: none,
    query,
    body: null,
    read(raw) {
      const file = raw.body instanceof Uint8Array ? raw.body : new Uint8Array()
      const input = { file, query: readPart("query", query, raw.query) as z.infer<Query> }
      return (ctx) => run(ctx, input)
    },
  }
}

function readPart(part: string, schema: z.ZodMiniType, value: unknown): unknown {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const problems = read.error.issues.map((issue) => `${[part, ...issue.path].join(".")}: ${issue.message}`)
  throw new AppError("bad_request", `${problems.slice(0, 10).join("; ")}.`.slice(0, 2000))
}
