import { sql } from "drizzle-orm"
import { beforeEach } from "vitest"
import type { Role } from "../../../shared/staff/roles.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { reserveTicket } from "../../../shared/support/open/reserveTicket.ts"
import { seedSupport } from "../../../shared/support/settings/seedSupport.ts"
import { commands } from "../../../shared/support/setup/commands.ts"
import { loadSupport } from "../../../shared/support/supportSetup.ts"
import { putCommands } from "../../../shared/vendors/discord/application.ts"
import { createResend } from "../../../shared/vendors/resend.ts"
import { handlers } from "../../../workers/discord/interactions/handlers.ts"
import { receiveInteraction } from "../../../workers/discord/receiveInteraction.ts"
import { workOff } from "../../../workers/discord/workOff.ts"
import { discordIdentity } from "../../fakes/discord/identity.ts"
import type { Interaction } from "../../fakes/discord/interactions/interaction.ts"
import { signed } from "../../fakes/discord/interactions/signed.ts"
import type { TestDatabase } from "../../support/useDatabase.ts"
import { useTickets } from "../useTickets.ts"

/** The discord Worker's own handlers, in this process, between the stand-in and this file's database. */
export function useCommands(database: TestDatabase) {
  const tickets = useTickets(database)
  const { db, ids, rows } = tickets
  const { roles } = ids

  function makeContext() {
    const ctx = tickets.context()
    const resend = createResend({ apiKey: "re_fake", apiBase: `${tickets.fakes.url}/resend` })
    return {
      ...ctx,
      now,
      vendors: { ...ctx.vendors, resend },
      config: { ...ctx.config, publicKey: discordIdentity.publicKey },
    }
  }
  let ctx: ReturnType<typeof makeContext> | undefined
  /** Of the test's clock against the wall's. */
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const underway = new Set<Promise<unknown>>()
  const context = () => {
    if (!ctx) throw new Error("There is no context before the test begins.")
    return ctx
  }

  function waitUntil(work: Promise<unknown>) {
    const done: Promise<unknown> = work.finally(() => underway.delete(done))
    underway.add(done)
  }

  beforeEach(async () => {
    await db.execute(sql`truncate discord_interactions, canned_replies, staff_notifications`)
    await db.execute(sql`update staff set discord_user_id = null`)
    await seedSupport(tickets.context())
    ctx = makeContext()
    ahead = 0
    underway.clear()
    tickets.world.deliverer = async ({ body }) =>
      // Signed by the clock that the test has set.
      receiveInteraction(
        new Request("https://discord.test/interactions", {
          method: "POST",
          body,
          headers: await signed(body, now()),
        }),
        { ctx: context(), handlers, waitUntil },
      )
    await putCommands(context().vendors.discord, { guildId: discordIdentity.guildId, commands })
  })

  /** Until all that was put off is done. */
  async function settled() {
    await tickets.fakes.discord.settled()
    while (underway.size > 0) await Promise.all(underway)
  }

  /** What whoever acted reads in the end, and nobody else does. */
  async function answerTo({ outcome, problem, original, user }: Interaction): Promise<string> {
    if (outcome !== "answered") throw new Error(`It was not answered: ${outcome}, ${problem}`)
    await settled()
    const message = tickets.world.store.messages.get(original ?? "")
    if (!message) throw new Error("There is no answer.")
    if (message.ephemeral_for !== user) throw new Error(`Others read it as well: ${message.content}`)
    return message.content
  }

  return {
    db,
    ids,
    rows,
    files: tickets.files,
    setSupport: tickets.setSupport,
    places: tickets.places,
    get fakes() {
      return tickets.fakes
    },
    get world() {
      return tickets.world
    },
    context,
    settled,
    answerTo,
    /** Has everybody's clock show this from here on. */
    setClock: (at: Date) => {
      ahead = at.getTime() - Date.now()
    },
    people: () => tickets.fakes.discord.people,
    /** What a slash command was answered with. */
    run: async (as: string, channel: string, name: string, options: Record<string, string | number> = {}) =>
      answerTo(await tickets.fakes.discord.people.command({ as, channel, name, options })),
    /** Names of the choices offered for what is typed into an option. */
    typed: async (as: string, channel: string, name: string, options: Record<string, string>) => {
      const [focused = ""] = Object.keys(options).slice(-1)
      const asked = await tickets.fakes.discord.people.autocomplete({ as, channel, name, options, focused })
      await settled()
      if (asked.interaction.outcome !== "answered") throw new Error(`No choices: ${asked.interaction.problem}`)
      return asked.choices
    },
    /** Does what was put on the queue, as the Worker does. */
    workOff: () => workOff(context(), handlers, context().queues.tickets.messages.splice(0)),

    /** A ticket that is open, with its place. */
    async open(change: Parameters<typeof tickets.wish>[0] = {}) {
      const own = tickets.context({ now: now() })
      const reserved = await reserveTicket(own, await loadSupport(own), tickets.wish(change))
      if (reserved.outcome !== "reserved") throw new Error(`It was not reserved: ${reserved.outcome}.`)
      if ((await carryTicket(own, reserved)) !== "done") throw new Error("It was not opened.")
      const { id, number } = reserved
      const [row] = await rows(sql`select * from tickets where id = ${id}`)
      const [place, staffThread, control] = [row?.channel_id, row?.staff_thread_id, row?.control_message_id].map(String)
      if (!place || !staffThread || !control) throw new Error("It has no place.")
      return { id, number, place, staffThread, control }
    },
    row: async (id: string) => (await rows(sql`select * from tickets where id = ${id}`))[0] ?? {},
    said: (channel: string) => tickets.world.store.conversation(channel).filter((each) => !each.ephemeral_for),
    /** What happened to a ticket, of the audit log what was done to it, and of the customer's timeline what came of that. */
    async record(id: string) {
      const kinds = async (query: ReturnType<typeof sql>) => (await rows(query)).map(({ kind }) => String(kind))
      return {
        events: await kinds(
          sql`select kind from ticket_events where ticket_id = ${id} and kind <> 'opened' order by at, kind`,
        ),
        audit: await kinds(sql`select action as kind from audit_log where subject_id = ${id} order by at, action`),
        timeline: await kinds(
          sql`select kind from timeline_entries where source_id = ${id} and kind <> 'ticket.opened' order by occurred_at, kind`,
        ),
      }
    },
    /** Somebody with an account in the staff pages that names theirs in Discord. */
    async account(role: Role, discordUserId: string | null, name = `Staff ${role}`): Promise<string> {
      const found = await rows(sql`
        insert into staff (id, email, name, role, discord_user_id, created_at)
        values (gen_random_uuid(), ${`${crypto.randomUUID()}@staff.test`}, ${name}, ${role}, ${discordUserId}, now()) returning id`)
      return String(found[0]?.id)
    },
    async customer(told: { name?: string | null; email?: string | null; stripeId?: string | null; discord?: string }) {
      const { name = "Ada Customer", email = "ada@customers.test", stripeId = null, discord } = told
      const id = crypto.randomUUID()
      await db.execute(sql`
        insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
        values (${id}, ${stripeId}, ${email}, ${name}, now(), now(), '', '')`)
      if (discord)
        await db.execute(sql`
          insert into discord_links (user_id, customer_id, user_name, linked_at, actor) values (${discord}, ${id}, 'x', now(), 'test')`)
      return id
    },
    /** Whom Discord offers the commands of staff, though they are none. */
    makeModerator: (as: string) => tickets.fakes.discord.people.setRole({ as, role: roles.moderators, has: true }),
  }
}
