import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { selectClaimers } from "../listTickets/selectClaimers.ts"

/** What people call somebody who may claim tickets. Throws `bad_request` for anybody else. */
export async function claimerName(ctx: Context, actor: string): Promise<string> {
  requirePermission(ctx, "tickets:read")
  const { rows } = await ctx.db.execute<{ id: string; name: string }>(selectClaimers)
  const found = rows.find(({ id }) => id === actor)
  if (!found) throw new AppError("bad_request", "Choose somebody of the staff.")
  return found.name
}
