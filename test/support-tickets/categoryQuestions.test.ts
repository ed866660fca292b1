import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const desk = useCommands(useDatabase())
const { users, channels } = desk.ids
const description = "My server is down."

beforeEach(async () => {
  await desk.db.execute(sql`truncate tickets cascade`)
  await setUpDiscord(desk.context())
})

const panel = () => desk.said(channels.support).at(-1)?.id ?? ""
/** By the button, whose form cannot know the category. */
async function byButton(category: string) {
  const as = users.ada
  const pressed = await desk
    .people()
    .press({ as, channel: channels.support, message: panel(), customId: "ticket.open" })
  const sent = await desk.people().submitModal({ as, interaction: pressed.id, values: { category, description } })
  const told = await desk.answerTo(sent)
  const [row] = await desk.rows(sql`select id, channel_id, control_message_id from tickets`)
  return { told, sent, id: String(row?.id), place: String(row?.channel_id), control: String(row?.control_message_id) }
}
type Opened = Awaited<ReturnType<typeof byButton>>
const ask = ({ id, place, control }: Opened, as: string = users.ada) =>
  desk.people().press({ as, channel: place, message: control, customId: `ticket.questions:${id}` })
const asks = ({ place, control }: Opened) =>
  JSON.stringify(desk.said(place).find((each) => each.id === control)?.components).includes("ticket.questions")

test("who opens by the button is asked what the category asks, and the answers are the ticket's", async () => {
  const ticket = await byButton("technical")
  expect(ticket.told).toMatch(/^Your ticket #\d{4} is here/)
  expect(JSON.stringify(desk.world.store.messages.get(ticket.sent.original ?? "")?.components)).toContain(
    "Answer 2 questions about it",
  )
  const pressed = await ask(ticket)
  expect(JSON.stringify(pressed.modal)).toContain("Which server or page is it about?")
  expect(JSON.stringify(pressed.modal)).toContain('"required":true')
  const sent = await desk.people().submitModal({
    as: users.ada,
    interaction: pressed.id,
    values: { "question.what": "eu-7 **now**", "question.since": "" },
  })
  expect(await desk.answerTo(sent)).toBe("Thank you, this helps.")
  expect(await desk.row(ticket.id)).toMatchObject({
    answers: [
      { question: "Which server or page is it about?", answer: "eu-7 **now**" },
      { question: "Since when, and what changed before?", answer: "" },
    ],
    last_from: "opener",
  })
  expect(JSON.stringify(desk.said(ticket.place).at(-1)?.embeds)).toContain("Which server or page is it about?")
  expect(asks(ticket)).toBe(false)
})

test("they stay asked until they are answered, also once staff have claimed it, and only of the opener", async () => {
  const ticket = await byButton("technical")
  await desk.run(users.sam, ticket.place, "ticket claim")
  expect(asks(ticket)).toBe(true)
  expect((await ask(ticket, users.sam)).modal ?? null).toBeNull()
  expect((await ask(ticket)).modal).toMatchObject({ custom_id: `ticket.answers:${ticket.id}` })
})

test("a category without questions asks none", async () => {
  const ticket = await byButton("purchase")
  expect(asks(ticket)).toBe(false)
})
