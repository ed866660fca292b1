import { sql } from "drizzle-orm"
import { isoTime } from "../isoTime.ts"

export const cancellationColumns = sql`
  x.id, x.subscription_id as "subscriptionId", x.customer_id as "customerId", x.reason, x.comment, x.action, x.coupon,
  ${isoTime(sql`x.resumes_at`)} as "resumesAt", x.status, ${isoTime(sql`x.created_at`)} as "createdAt",
  ${isoTime(sql`x.done_at`)} as "doneAt"`
