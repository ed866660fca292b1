import type { Actor } from "../context.ts"

/** What customers may know somebody on the staff by: the name, never the address; null where nobody has one. */
export const shownName = (actor: Actor): string | null =>
  actor.kind === "staff" || actor.kind === "discord" ? (actor.name ?? null) : null
