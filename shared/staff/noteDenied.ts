import type { Context } from "../context.ts"
import { auditEntry } from "./auditEntry.ts"

/** Keeps that somebody tried what they may not. A log that cannot be written does not change the answer. */
export async function noteDenied(ctx: Context, tried: { what: string; permission: unknown }): Promise<void> {
  const permission = typeof tried.permission === "string" ? tried.permission : "none"
  try {
    await ctx.db.execute(
      auditEntry(ctx, {
        action: "access.denied",
        subject: { type: "permission", id: permission },
        after: { tried: tried.what },
        outcome: "denied",
      }),
    )
  } catch (error) {
    ctx.log.error("a denied attempt could not be kept", { what: tried.what, error: String(error) })
  }
}
