import type { Actor } from "../context.ts"

/** `<kind>:<id>`, as kept with what an actor changed. */
export function actorName(actor: Actor): string {
  if ("id" in actor) return `${actor.kind}:${actor.id}`
  return actor.kind === "discord" ? `discord:${actor.userId}` : actor.kind
}
