import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { closeTicket } from "./closeTicket.ts"

/** Closes a ticket because of what has happened, or has not. That somebody closed it meanwhile is no failure. */
export async function closeByItself(
  ctx: Context<object, "tickets">,
  input: { id: string; reason: string },
): Promise<void> {
  try {
    await closeTicket(ctx, input)
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.code === "conflict")) throw thrown
  }
}
