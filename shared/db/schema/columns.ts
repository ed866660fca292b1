import { timestamp } from "drizzle-orm/pg-core"

/** Every time is timestamptz in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" })
