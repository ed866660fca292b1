import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { parseResendEvent } from "./resendEvent.ts"

/** Keeps a verified webhook of Resend as sent, in one statement; a redelivery (the same svix-id) changes nothing. */
export async function storeResendEvent(
  ctx: Context,
  input: { svixId: string; body: unknown; text: string },
): Promise<"stored" | "duplicate"> {
  const event = parseResendEvent(input.body)
  const now = ctx.now().toISOString()
  const inserted = await ctx.db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, outbox_id, email_id, next_attempt_at)
    values (${input.svixId}, ${event.type}, ${event.createdAt.toISOString()}, ${now}, ${input.text}, ${event.outboxId}, ${event.emailId}, ${now})
    on conflict (svix_id) do nothing`)
  return inserted.rowCount === 0 ? "duplicate" : "stored"
}
