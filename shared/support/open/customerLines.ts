import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { readOpenerFacts, selectCustomerFacts } from "../ticketDetail/openerFacts.ts"
import { factLines } from "./staffBrief.ts"

/** What there is to know of a customer, a line each. Throws `not_found`. */
export async function customerLines(ctx: Context, { id }: { id: string }): Promise<string[]> {
  requirePermission(ctx, "customers:read")
  const facts = readOpenerFacts(await ctx.db.batch([...selectCustomerFacts(ctx.db, id)]))
  if (!facts.customer) throw new AppError("not_found", "There is no such customer.")
  return factLines(facts)
}
