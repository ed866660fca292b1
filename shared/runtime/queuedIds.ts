import * as z from "zod/mini"

const message = z.object({ ids: z.array(z.string()) })
const uuid = z.uuid()

/** Ids that queue messages name. What is no id is left out: Postgres is the truth, and a sweep finds what was meant. */
export const queuedIds = (bodies: unknown[]): string[] =>
  bodies.flatMap((body) => message.safeParse(body).data?.ids ?? []).filter((id) => uuid.safeParse(id).success)
