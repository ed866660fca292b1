import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { today } from "../../shared/reports/today.ts"
import { listLeft } from "../../shared/support/interactions/listLeft.ts"
import { openForInteraction } from "../../shared/support/interactions/openForInteraction.ts"
import { retryInteraction } from "../../shared/support/interactions/retryInteraction.ts"
import { setInteractionAside } from "../../shared/support/interactions/setInteractionAside.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { customId } from "../../shared/vendors/discord/customId.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const database = useDatabase()
const desk = useCommands(database)
const { users, channels } = desk.ids
const bea: Actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@example.com", name: "Bea", role: "support" }
const staff = () => ({ ...desk.context(), actor: bea })
const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
const description = "My server is down.\nIt **began** at noon."

beforeEach(async () => {
  await desk.db.execute(sql`truncate tickets cascade`)
  await setUpDiscord(desk.context())
})

const broken = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  await desk.db.execute(sql`alter table ticket_messages rename to ticket_messages_away`)
  try {
    const answer = await work()
    await desk.settled()
    return answer
  } finally {
    await desk.db.execute(sql`alter table ticket_messages_away rename to ticket_messages`)
  }
}

/** Somebody fills the form in, and nothing comes of it on our side. */
async function lost(as: string = users.ada) {
  const message = desk.said(channels.support).at(-1)?.id ?? ""
  const pressed = await desk.people().press({ as, channel: channels.support, message, customId: "ticket.open" })
  return broken(() =>
    desk.people().submitModal({ as, interaction: pressed.id, values: { category: "technical", description } }),
  )
}

const left = async (aside = false) => (await listLeft(staff(), { aside })).interactions
const line = async () => (await today(staff())).lines.find(({ key }) => key === "left-interactions")?.text

test("a form is done again by itself for a day, and is then on the list of staff with what was typed", async () => {
  const sent = await lost()
  expect([await left(), await line()]).toEqual([[], undefined])
  desk.setClock(hours(25))
  expect((await sweepTickets(desk.context())).counts).not.toHaveProperty("interaction")
  expect(await left()).toMatchObject([
    {
      ...{ id: sent.id, kind: "modal", name: "ticket.form", userId: users.ada, isKept: true, isWish: true },
      words: expect.arrayContaining([{ label: "description", text: description }]),
      error: expect.stringContaining("ticket_messages"),
    },
  ])
  expect(await line()).toBe("1 form, command or button in Discord came to nothing")
})

test("what is tried again is done in the name of whoever did it, and leaves the list once it is done", async () => {
  const { id } = await lost()
  desk.setClock(hours(25))
  await broken(async () => {
    await retryInteraction(staff(), { id })
    await desk.workOff()
  })
  expect(await left()).toHaveLength(1)
  await retryInteraction(staff(), { id })
  await desk.workOff()
  expect([await left(), await line()]).toEqual([[], undefined])
  expect(await desk.rows(sql`select opener_id, status, description from tickets`)).toEqual([
    { opener_id: users.ada, status: "open", description },
  ])
  await expect(retryInteraction(staff(), { id })).rejects.toMatchObject({ code: "conflict" })
})

test("staff open the ticket for whoever filled in the form, in the category that they choose, once", async () => {
  const { id } = await lost()
  desk.setClock(hours(25))
  const ticketId = await openForInteraction(staff(), { id, categoryId: "billing" })
  await desk.workOff()
  expect(await desk.row(ticketId)).toMatchObject({
    ...{ opener_id: users.ada, category_id: "billing", status: "open", description },
  })
  expect(await left()).toEqual([])
  await expect(openForInteraction(staff(), { id, categoryId: "" })).rejects.toMatchObject({ code: "conflict" })
  expect(await desk.rows(sql`select action, actor from audit_log where subject_id = ${ticketId}`)).toEqual([
    { action: "ticket.openedFromForm", actor: `staff:${bea.id}` },
  ])
})

test("what is set aside is off the list, stays to be read, and is not done again", async () => {
  const { id } = await lost()
  desk.setClock(hours(25))
  await setInteractionAside(staff(), { id })
  expect([await left(), await line()]).toEqual([[], undefined])
  expect(await left(true)).toMatchObject([
    { id, words: expect.arrayContaining([{ label: "description", text: description }]) },
  ])
  await desk.context().queues.tickets.send({ ids: [`interaction:${id}`] })
  await desk.workOff()
  expect(await desk.rows(sql`select from tickets`)).toEqual([])
})

test("a command that fails on our side is on the list at once; one that is refused with a reason never", async () => {
  const ticket = await desk.open()
  await broken(() =>
    desk
      .people()
      .command({ as: users.sam, channel: ticket.place, name: "ticket note", options: { text: "Look at it" } }),
  )
  expect(await desk.run(users.sam, channels.support, "ticket claim")).toContain("no ticket")
  expect(await left()).toMatchObject([
    {
      ...{ kind: "command", name: "ticket", userId: users.sam, isKept: true, isWish: false },
      words: [
        { label: "does", text: "note" },
        { label: "text", text: "Look at it" },
      ],
    },
  ])
})

test("what was answered in a form stands by its question, and by its name where no category asks it", async () => {
  const questions = [
    { id: "what", label: "Which server?", long: false, required: true },
    { id: "when", label: "Since when?", long: false, required: false },
  ]
  await desk.db.execute(sql`
    update ticket_categories set questions = ${JSON.stringify(questions)}::jsonb where id = 'technical'`)
  await desk.db.execute(sql`
    update ticket_categories set questions = '[{"id": "what", "label": "Which invoice?", "long": false, "required": false}]' where id = 'billing'`)
  const sent = (id: string, form: string) => {
    const text = (custom_id: string, value: string) => ({
      type: 18,
      id: 1,
      component: { type: 4, id: 2, custom_id, value },
    })
    const payload = {
      ...{ id, application_id: "1", type: 5, token: "t", version: 1, channel_id: channels.support },
      member: { user: { id: users.ada, username: "ada", global_name: "Ada" }, roles: [], permissions: "0" },
      data: {
        custom_id: form,
        components: [text("question.what", "Blue"), text("question.when", "Noon"), text("question.gone", "x")],
      },
    }
    return desk.db.execute(sql`
      insert into discord_interactions (id, kind, name, user_id, received_at, failed_at, error, payload)
      values (${id}, 'modal', ${form.split(":")[0] ?? ""}, ${users.ada}, now(), now(), 'x', ${JSON.stringify(payload)}::jsonb)`)
  }
  await sent("900000000000000001", customId("ticket.form", "technical"))
  await sent("900000000000000002", customId("ticket.answers", crypto.randomUUID()))
  const labels = (await left()).map(({ words }) => words.map(({ label, text }) => `${label} ${text}`))
  expect(labels).toEqual([
    ["question.what Blue", "Since when? Noon", "question.gone x"],
    ["Which server? Blue", "Since when? Noon", "question.gone x"],
  ])
})
