import * as z from "zod/mini"
import { roles } from "../staff/roles.ts"
import { ruleSchema } from "./ruleSchema.ts"

// What staff ask the Worker that applies events, and what it answers: plain JSON, checked on both sides, because the two
// Workers are deployed one after the other.

const moment = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

export const dryRunRequest = z.object({
  actor: z.object({
    kind: z.literal("staff"),
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
  }),
  requestId: z.string(),
  eventId: z.string(),
  rule: ruleSchema,
})

const eventDryRun = z.object({
  event: z.object({ id: z.string(), type: z.string() }),
  /** Who it is about, by our id. */
  customerId: z.nullable(z.string()),
  /** One for each change that the event tells of. */
  changes: z.array(
    z.object({
      kind: z.string(),
      rules: z.array(z.string()),
      enrolments: z.array(
        z.object({
          sequence: z.string(),
          subject: z.string(),
          exitReason: z.nullable(z.string()),
          mails: z.array(
            z.object({ template: z.string(), dueAt: moment, status: z.string(), reason: z.nullable(z.string()) }),
          ),
        }),
      ),
      exits: z.array(z.object({ enrolmentId: z.string(), reason: z.string(), at: moment })),
      tags: z.array(z.object({ customerId: z.string(), tag: z.string(), add: z.boolean() })),
      notifications: z.array(z.string()),
    }),
  ),
})
/** Who would have got what, had an event come now. */
export type EventDryRun = z.output<typeof eventDryRun>

/** An error is a value here: an exception would arrive without its code. */
export const dryRunAnswer = z.union([
  z.object({ run: eventDryRun }),
  z.object({
    error: z.object({ code: z.enum(["bad_request", "forbidden", "not_found", "internal"]), message: z.string() }),
  }),
])

/** Answers with a `dryRunAnswer`. */
export interface DryRunService {
  dryRunEvent(request: z.input<typeof dryRunRequest>): Promise<unknown>
}
