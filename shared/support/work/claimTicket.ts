import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { actorsOf } from "../listTickets/staffName.ts"
import { shownName } from "../shownName.ts"
import { ticketRef } from "../ticketRef.ts"
import { changeTicket } from "./changeTicket.ts"
import { toBeShown } from "./toBeShown.ts"

type WorkContext = Context<object, "tickets">

interface Work {
  id: string
  /** Tells this time apart: done again under the same, it was done already. */
  once?: string
}

/** Whoever calls answers it from here on. Throws `conflict` where somebody else does, or it is closed. */
export async function claimTicket(ctx: WorkContext, { id, once }: Work): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const who = actorName(ctx.actor)
  await changeTicket(ctx, {
    id,
    set: sql`claimed_by = ${who}, claimed_by_label = ${shownName(ctx.actor)}, claimed_at = ${ctx.now().toISOString()}, ${toBeShown(ctx)}`,
    where: sql`t.claimed_by is null and t.status in ('opening', 'open')`,
    event: { kind: "claimed", once },
    already: {
      is: sql`t.status in ('opening', 'open') and t.claimed_by in ${actorsOf(who)}`,
      says: "You have this ticket already.",
    },
    otherwise: "Somebody has claimed this ticket already, or it is closed.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("show", id)] })
}

/** Lets go of it. */
export async function releaseTicket(ctx: WorkContext, { id, once }: Work): Promise<void> {
  requirePermission(ctx, "tickets:write")
  await changeTicket(ctx, {
    id,
    set: sql`claimed_by = null, claimed_by_label = null, claimed_at = null, ${toBeShown(ctx)}`,
    where: sql`t.claimed_by is not null and t.status <> 'closed'`,
    event: { kind: "unclaimed", once },
    already: { is: sql`t.claimed_by is null and t.status <> 'closed'`, says: "Nobody has this ticket." },
    otherwise: "Nobody has claimed this ticket, or it is closed.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("show", id)] })
}

/** Gives it to somebody else: `to` is `<kind>:<id>` of an actor, `label` what people call them. */
export async function transferTicket(
  ctx: WorkContext,
  { id, to, label, once }: Work & { to: string; label: string },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const theirs = sql`coalesce(t.claimed_by in ${actorsOf(to)}, false)`
  await changeTicket(ctx, {
    id,
    set: sql`claimed_by = ${to}, claimed_by_label = ${label}, claimed_at = ${ctx.now().toISOString()}, ${toBeShown(ctx)}`,
    where: sql`not (${theirs}) and t.status <> 'closed'`,
    event: { kind: "transferred", data: { to: label }, once },
    already: { is: sql`${theirs} and t.status <> 'closed'`, says: "They have this ticket already." },
    otherwise: "They have this ticket already, or it is closed.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("show", id)] })
}
