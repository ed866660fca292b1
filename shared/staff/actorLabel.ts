import type { Actor } from "../context.ts"

/** What people call an actor, where they call it anything. */
export const actorLabel = (actor: Actor): string | null =>
  actor.kind === "staff"
    ? actor.email
    : "name" in actor && actor.kind !== "job" && actor.kind !== "queue"
      ? (actor.name ?? null)
      : null
