import { z } from "zod"
import { StripeError } from "../stripeError.ts"

export const whole = z
  .string()
  .regex(/^-?\d+$/, "integer")
  .transform(Number)
export const flag = z.enum(["true", "false"]).transform((value) => value === "true")
export const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/, "decimal")
  .transform(Number)
export const metadata = z.record(z.string(), z.string())
/** An empty string unsets a field. */
export const emptyable = z.string().transform((value) => (value === "" ? null : value))
export const address = z
  .strictObject({
    city: emptyable,
    country: emptyable,
    line1: emptyable,
    line2: emptyable,
    postal_code: emptyable,
    state: emptyable,
  })
  .partial()
  .transform((given) => ({
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
    ...given,
  }))

const inBrackets = (path: PropertyKey[]): string =>
  path.map((key, index) => (index === 0 ? String(key) : `[${String(key)}]`)).join("")

/** The parameters of a request, or Stripe's refusal of the first that is wrong. */
export function parseParams<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (!issue) throw new StripeError(400, "Invalid request.")
  if (issue.code === "unrecognized_keys") {
    const param = inBrackets([...issue.path, issue.keys[0] ?? ""])
    throw new StripeError(400, `Received unknown parameter: ${param}`, { code: "parameter_unknown", param })
  }
  const param = inBrackets(issue.path)
  if (issue.code === "invalid_type" && issue.input === undefined)
    throw new StripeError(400, `Missing required param: ${param}.`, { code: "parameter_missing", param })
  if (issue.message === "integer")
    throw new StripeError(400, `Invalid integer: ${String(issue.input)}`, { code: "parameter_invalid_integer", param })
  throw new StripeError(400, `Invalid ${param}: ${issue.message}`, { param })
}
