import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { notifyStaff } from "../staff/notifyStaff.ts"

/** Tells staff, once an hour, that messages gave up. Their mails stay due, and the sweep brings them again. */
export async function noteDeadLetters(ctx: Context, { ids }: { ids: string[] }): Promise<void> {
  ctx.log.error("messages gave up; their mails stay due and the sweep brings them again", { ids })
  const hour = ctx.now().toISOString().slice(0, 13)
  await batch(ctx.db, [
    notifyStaff(ctx, {
      key: `emails-dead:${hour}`,
      message: `Sending failed again and again for ${ids.length} mail(s), among them ${ids.slice(0, 3).join(", ")}. They stay due.`,
    }),
  ])
}
