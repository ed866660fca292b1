import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { ticketName } from "../../shared/support/place/ticketNames.ts"
import { closeTicket } from "../../shared/support/work/closeTicket.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const desk = useCommands(useDatabase())
const { users, roles } = desk.ids

/** Closes a ticket, and dies after the effect of the request to Discord of that number; whether it died. */
async function dieWhileClosing(id: string, last: number): Promise<boolean> {
  const ctx = desk.context()
  const { discord } = ctx.vendors
  let left = last
  const request: typeof discord.request = async (call) => {
    left--
    if (left > 0) return discord.request(call)
    if (left === 0) await discord.request(call)
    throw new Error("Died")
  }
  await closeTicket(
    { ...ctx, actor: { kind: "discord", userId: users.sam, name: "Sam", isStaff: true } },
    { id, reason: "Solved" },
  )
  await carryTicket({ ...ctx, vendors: { ...ctx.vendors, discord: { ...discord, request } } }, { id })
  return left <= 0
}

test.each(["channel", "thread"])(
  "whoever dies after any request to Discord while a %s is closed repeats nothing and lets nobody write",
  async (place) => {
    await desk.setSupport({ place })
    desk.people().setRolePermission({ role: roles.support, bit: permissionBits("MANAGE_THREADS"), on: true })
    const categories = ["technical", "billing", "purchase", "setup", "other"]
    for (let last = 1, died = true; died; last++) {
      await desk.db.execute(sql`update tickets set opened_at = opened_at - interval '1 day'`)
      const ticket = await desk.open({ categoryId: categories[last % 5] ?? "other" })
      await desk.run(users.sam, ticket.place, "ticket add", { user: users.ben })
      desk.people().say({ as: users.ben, channel: ticket.place, content: `The end of ${last}` })
      died = await dieWhileClosing(ticket.id, last)
      await desk.db.execute(
        sql`update tickets set lease_until = null, next_attempt_at = now() - interval '1 minute' where id = ${ticket.id}`,
      )
      await carryTicket(desk.context(), { id: ticket.id })

      const told = `Ticket ${ticketName(ticket.number)} was closed`
      const { status, remove_place_at } = await desk.row(ticket.id)
      const channel = desk.world.store.channels.get(ticket.place)
      const writers = [users.ada, users.ben].filter(
        (user) => channel && desk.world.permissions(user, channel) & permissionBits("SEND_MESSAGES"),
      )
      expect({
        last,
        status,
        removed: remove_place_at !== null,
        told: [...desk.world.store.messages.values()].filter(({ content }) => content.startsWith(told)).length,
        kept: (await desk.rows(sql`select from ticket_messages where content = ${`The end of ${last}`}`)).length,
        writers,
      }).toEqual({ last, status: "closed", removed: true, told: 2, kept: 1, writers: [] })
    }
  },
)
