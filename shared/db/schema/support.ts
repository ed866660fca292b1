import { sql } from "drizzle-orm"
import { index, pgTable, text } from "drizzle-orm/pg-core"
import { instant } from "./columns.ts"

export const interactionKinds = ["command", "autocomplete", "component", "modal"] as const

/** Every interaction that Discord sent us and we acted on: its id is taken once, so that a recorded request is no second one. */
export const discordInteractions = pgTable(
  "discord_interactions",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: interactionKinds }).notNull(),
    /** Name of the command, or custom id of the component or modal. */
    name: text("name").notNull(),
    userId: text("user_id").notNull(),
    receivedAt: instant("received_at").notNull(),
    /** Why it came to nothing, where it did. */
    error: text("error"),
  },
  (table) => [
    index("discord_interactions_received").on(table.receivedAt),
    index("discord_interactions_failed").on(table.receivedAt).where(sql`error is not null`),
  ],
)
