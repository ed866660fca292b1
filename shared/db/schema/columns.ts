import { customType, timestamp } from "drizzle-orm/pg-core"

/** Every time is timestamptz in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" })

/** Words of a text, as PostgreSQL searches them; written by the database alone. */
export const searchWords = customType<{ data: string }>({ dataType: () => "tsvector" })
