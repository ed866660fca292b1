import type { Actor, Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { type Permission, permissionsOf } from "./roles.ts"

export function isPermitted(actor: Actor, permission: Permission): boolean {
  switch (actor.kind) {
    case "staff":
      return permissionsOf(actor.role).has(permission)
    case "apiKey":
      return actor.scopes.includes(permission)
    case "stripe":
    case "resend":
    case "job":
    case "queue":
      return true
    case "discord":
      return actor.isStaff === true && permissionsOf("support").has(permission)
    case "public":
      return false
  }
}

/** Throws `forbidden` unless the actor may. The first line of every verb that people or scripts can call. */
export function requirePermission(ctx: Pick<Context, "actor">, permission: Permission): void {
  if (isPermitted(ctx.actor, permission)) return
  const who = ctx.actor.kind === "staff" ? `Your role, ${ctx.actor.role},` : "This key or account"
  throw new AppError("forbidden", `${who} does not have the permission ${permission}.`, { details: { permission } })
}
