import { sql } from "drizzle-orm"
import { afterAll, beforeEach, expect, test } from "vitest"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../shared/db/client.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import type { ResendApi } from "../../shared/vendors/resend.ts"
import type { ResendReceiving } from "../../shared/vendors/resendReceiving.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

/** A place at which somebody dies: before or after the n-th call takes effect. */
let call = 0
let dies: (call: number, when: "before" | "after") => boolean = () => false
const step = (when: "before" | "after") => {
  if (when === "before") call++
  if (dies(call, when)) throw new Error(`died ${when} call ${call}`)
}
const dying = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  step("before")
  const result = await work()
  step("after")
  return result
}

const database = useDatabase()
const mail = useMail(database.db)
const neon = await startNeonHttp({ hooks: { before: async () => step("before"), after: async () => step("after") } })
const mortalDb = createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
afterAll(() => neon.close())
beforeEach(() => {
  dies = () => false
  call = 0
})

/** As the Worker has it; each call may be the last. */
function mortal() {
  const { vendors } = mail.context()
  const receiving: ResendReceiving = {
    get: (...input) => dying(() => vendors.receiving.get(...input)),
    attachment: (...input) => dying(() => vendors.receiving.attachment(...input)),
  }
  const files: FileStore = {
    put: (...input) => dying(() => mail.files.put(...input)),
    get: (key) => mail.files.get(key),
    delete: (key) => mail.files.delete(key),
  }
  return mail.context({ db: mortalDb, receiving, files })
}

const write = () =>
  mail.write({
    from: "Ada <ada@example.org>",
    subject: "Help",
    text: "Hello",
    files: [{ filename: "a.txt", content: "one" }],
  })

/** Events of Resend, claim, fetch, facts, write, files, link, store, kept, settle, claim none. */
const most = 14
test.each(
  Array.from({ length: most }, (_, index) => index + 1).flatMap((at) =>
    (["before", "after"] as const).map((when) => ({ at, when })),
  ),
)("a mail at which somebody dies $when the effect of call $at is one ticket, with its file", async ({ at, when }) => {
  await write()
  const found = await database.db.execute<{ svix_id: string }>(sql`select svix_id from resend_events`)
  const ids = found.rows.map(({ svix_id }) => svix_id)
  dies = (current, moment) => current >= at && (current > at || moment === when)
  await mail.apply(mortal(), ids).catch(() => {})
  dies = () => false
  for (const minute of [6, 15, 40]) {
    mail.clock.now = later(minute)
    await mail.apply(mail.context(), ids)
  }
  await mail.ticket()
  expect((await mail.messages()).map(({ author_kind }) => author_kind).toSorted()).toEqual(["bot", "opener"])
  const files = await database.db.execute(sql`select status from ticket_attachments`)
  expect(files.rows).toEqual([{ status: "stored" }])
  expect(mail.files.files.size).toBe(1)
  expect(await mail.events()).toMatchObject([{ status: "applied" }])
})

test("there is no call after those", async () => {
  await write()
  await mail.apply(mortal())
  expect(call).toBeLessThanOrEqual(most)
})

test.each([1, 2, 3, 4, 5].flatMap((at) => (["before", "after"] as const).map((when) => ({ at, when }))))(
  "an answer at which somebody dies $when the effect of call $at goes out once",
  async ({ at, when }) => {
    await mail.receive({ from: "Ada <ada@example.org>", subject: "Help", text: "Hello" })
    await mail.send()
    const { id } = await mail.ticket()
    const messageId = await mail.answer(id, "Answer")
    const resend = mail.resend()
    const vendor: ResendApi = { send: (...input) => dying(() => resend.send(...input)) }
    call = 0
    dies = (current, moment) => current >= at && (current > at || moment === when)
    await mail.send({ db: mortalDb, vendor }).catch(() => {})
    dies = () => false
    // What is said in between changes nothing about what was about to be sent.
    await mail.receive({ from: "Ada <ada@example.org>", subject: "Re: Help", text: "And?" })
    for (const minute of [3, 10]) {
      mail.clock.now = later(minute)
      await mail.send()
    }
    expect(mail.fakes.mailbox.mails.filter(({ text }) => text === "Answer")).toHaveLength(1)
    expect((await mail.messages()).find((each) => each.id === messageId)).toMatchObject({ delivery: "sent" })
  },
)

test.each([1, 2, 3])("answers go out once each while Resend misbehaves and senders die (seed %i)", async (seed) => {
  const random = new Faults(seed)
  await mail.receive({ from: "Ada <ada@example.org>", subject: "Help", text: "Hello" })
  await mail.send()
  const { id } = await mail.ticket()
  for (let index = 0; index < 12; index++) await mail.answer(id, `Answer ${index}`)
  mail.fakes.faults.resend.set({
    rates: { timeoutAfterAcceptance: 0.25, tooManyRequests: 0.1, serverError: 0.15, droppedConnection: 0.15 },
  })
  const resend = mail.resend()
  const vendor: ResendApi = { send: (...input) => dying(() => resend.send(...input)) }
  for (let minute = 3; minute < 40; minute += 3) {
    mail.clock.now = later(minute)
    dies = () => random.happens(0.04)
    await Promise.allSettled([mail.send({ db: mortalDb, vendor }), mail.send({ db: mortalDb, vendor })])
  }
  dies = () => false
  mail.fakes.faults.resend.clear()
  for (const minute of [80, 120, 160]) {
    mail.clock.now = later(minute)
    await mail.send()
  }
  const sent = mail.fakes.mailbox.mails.map(({ text }) => text).filter((text) => text.startsWith("Answer"))
  expect(sent.toSorted()).toEqual(Array.from({ length: 12 }, (_, index) => `Answer ${index}`).toSorted())
  const states = (await mail.messages()).filter(({ author_kind }) => author_kind === "staff")
  expect(new Set(states.map(({ delivery }) => delivery))).toEqual(new Set(["sent"]))
})
