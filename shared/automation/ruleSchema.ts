import * as z from "zod/mini"
import { changeKinds } from "../billing/change.ts"

export const operators = [
  "eq",
  "ne",
  "in",
  "not_in",
  "gt",
  "gte",
  "lt",
  "lte",
  "contains",
  "not_contains",
  "starts_with",
  "exists",
  "not_exists",
] as const
export type Operator = (typeof operators)[number]

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: Operator; value?: string | number | boolean | (string | number)[] | undefined }

/** `object` is what the change is about, such as one refund; `change` is that it happened, such as one cancellation. */
export const subjects = ["customer", "subscription", "invoice", "object", "change"] as const

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** `field` is a path into `{customer, subscription, invoice, change}`, for example `subscription.products`. */
export const conditionSchema: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({
      field: z.string().check(z.regex(/^(customer|subscription|invoice|change)(\.[A-Za-z0-9_-]+)+$/)),
      op: z.enum(operators),
      value: z.optional(z.union([scalar, z.array(z.union([z.string(), z.number()]))])),
    }),
  ]),
)

export const actionSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("enrol"),
    sequence: z.string(),
    /** What the customer is enrolled for, once each. */
    subject: z.enum(subjects),
    /** Recorded, but nothing is sent, where the customer is or was in one of these for the same subject. */
    unlessIn: z.optional(z.array(z.string())),
  }),
  z.strictObject({
    do: z.literal("leave"),
    sequence: z.string(),
    reason: z.string(),
    /** Whatever it is about; otherwise only what is about the same subscription or invoice as the change. */
    all: z.optional(z.boolean()),
  }),
  z.strictObject({ do: z.literal("add_tag"), tag: z.string() }),
  z.strictObject({ do: z.literal("remove_tag"), tag: z.string() }),
  z.strictObject({ do: z.literal("notify_staff"), message: z.string() }),
])
export type Action = z.infer<typeof actionSchema>

export const ruleSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  changeKind: z.enum(changeKinds),
  condition: conditionSchema,
  actions: z.array(actionSchema),
  enabled: z.boolean(),
  version: z.number(),
})
export type Rule = z.infer<typeof ruleSchema>
