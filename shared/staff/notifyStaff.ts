import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** What staff should look at; the same key again changes nothing. */
export const notifyStaff = (ctx: Context, { key, message }: { key: string; message: string }): SQL => sql`
  insert into staff_notifications (id, key, message, created_at)
  values (${crypto.randomUUID()}, ${key}, ${message.slice(0, 1000)}, ${ctx.now().toISOString()}) on conflict (key) do nothing`
