import * as z from "zod/mini"
import { conditionSchema } from "./ruleSchema.ts"

const minutes = z.number().check(z.int(), z.minimum(0), z.maximum(60 * 24 * 400))

/**
 * `after`: so many minutes after the change. `at`: that wall-clock time on the customer's clock, `days` calendar days
 * after the day of the change (0: the same day, or the next when the time has passed).
 */
export const delaySchema = z.union([
  z.strictObject({ after: minutes }),
  z.strictObject({
    at: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
    days: z.number().check(z.int(), z.minimum(0), z.maximum(400)),
  }),
])
export type Delay = z.infer<typeof delaySchema>

export const stepSchema = z.strictObject({ delay: delaySchema, template: z.string() })
export type Step = z.infer<typeof stepSchema>

export const exitConditionSchema = z.strictObject({ when: conditionSchema, reason: z.string() })
export type ExitCondition = z.infer<typeof exitConditionSchema>

export const sequenceSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  mailClass: z.enum(["transactional", "marketing"]),
  steps: z.array(stepSchema),
  exits: z.array(exitConditionSchema),
  staleAfterHours: z.number().check(z.minimum(1)),
  enabled: z.boolean(),
  version: z.number(),
})
export type Sequence = z.infer<typeof sequenceSchema>
