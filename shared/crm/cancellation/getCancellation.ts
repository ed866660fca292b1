import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { oneRecord } from "../oneRecord.ts"
import { cancellationRecord } from "../records.ts"
import { cancellationColumns } from "./cancellationColumns.ts"

export async function getCancellation(ctx: Context, input: { id: string }) {
  requirePermission(ctx, "billing:read")
  const statement = sql`select ${cancellationColumns} from cancellations x where x.id = ${input.id}`
  return oneRecord(ctx, statement, cancellationRecord, "cancellation")
}
