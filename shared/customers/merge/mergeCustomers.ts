import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { requireConfirmation } from "../../staff/confirmations.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { mergeQuestion } from "./askToMerge.ts"
import { mergeRecords } from "./mergeRecords.ts"

/** What staff do to two records of one customer: see mergeRecords.ts. They are asked again before. */
export async function mergeCustomers(
  ctx: Context,
  input: { from: string; into: string; confirmation: string | undefined },
): Promise<void> {
  requirePermission(ctx, "customers:merge")
  if (input.from === input.into) throw new AppError("bad_request", "A customer cannot be merged with themselves.")
  await requireConfirmation(ctx, { ...mergeQuestion(input), confirmation: input.confirmation })
  await mergeRecords(ctx, input)
}
