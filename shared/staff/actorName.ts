import type { Actor } from "../context.ts"

/** `<kind>:<id>`, as kept with what an actor changed. */
export const actorName = (actor: Actor): string => ("id" in actor ? `${actor.kind}:${actor.id}` : actor.kind)
