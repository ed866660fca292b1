import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { stopEnrolment } from "../customers/stopEnrolment.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { oneRecord } from "./oneRecord.ts"
import { enrolmentRecord } from "./records.ts"

export const enrolmentColumns = sql`
  e.id, e.customer_id as "customerId", e.sequence_id as "sequenceId", e.status, e.exit_reason as "exitReason",
  ${isoTime(sql`e.started_at`)} as "startedAt", ${isoTime(sql`e.ended_at`)} as "endedAt"`

export async function listEnrolments(ctx: Context, input: PageInput & { customerId: string }) {
  requirePermission(ctx, "customers:read")
  return keysetPage(
    ctx,
    {
      columns: enrolmentColumns,
      from: sql`enrolments e`,
      where: [sql`e.customer_id = ${input.customerId}`],
      at: sql`e.started_at`,
      id: sql`e.id`,
      idType: "uuid",
      record: enrolmentRecord,
    },
    input,
  )
}

/** Takes somebody out of a sequence and tells the enrolment as it is then. Throws `not_found`. */
export async function leaveEnrolment(ctx: Context, input: { id: string }) {
  requirePermission(ctx, "customers:write")
  const read = () =>
    oneRecord(
      ctx,
      sql`select ${enrolmentColumns} from enrolments e where e.id = ${input.id}`,
      enrolmentRecord,
      "enrolment",
    )
  await read()
  await stopEnrolment(ctx, { enrolmentId: input.id })
  return read()
}
