import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["webhooks", "email", "jobs"])
beforeAll(() => seedSupport(testContext({ db, vendors: {} })))

const until = <Result>(check: () => Promise<Result>) => vi.waitFor(check, { timeout: 20_000, interval: 100 })
const act = (fields: Record<string, string>) =>
  fetch(`${workers.fakes.url}/_/act`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" })

test("somebody writes with a file and is acknowledged, staff answer, they answer that: one ticket, in workerd", async () => {
  await act({
    action: "receiveMail",
    from: "Ada <ada@example.org>",
    subject: "My server is down",
    text: "Please help.",
    fileName: "log.txt",
    fileText: "error",
  })
  const acknowledged = await until(async () => {
    const [sent] = workers.fakes.mailbox.mails
    if (!sent) throw new Error("no mail yet")
    return sent
  })
  expect(acknowledged).toMatchObject({ to: ["ada@example.org"], headers: { "Auto-Submitted": "auto-replied" } })
  const file = await db.execute(sql`select status, size::integer as size, key from ticket_attachments`)
  expect(file.rows).toMatchObject([{ status: "stored", size: 5, key: expect.stringMatching(/^tickets\//) }])

  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at, delivery, next_attempt_at)
    select gen_random_uuid(), id, 'admin', 'Grace', 'staff', 'Have you restarted it?', now(), 'queued', now() from tickets`)
  await workers.runJob("emails")
  const answer = await until(async () => {
    const sent = workers.fakes.mailbox.mails.find(({ text }) => text === "Have you restarted it?")
    if (!sent) throw new Error("no answer yet")
    return sent
  })
  await act({ action: "receiveMail", from: "ada@example.org", answers: answer.id, text: "Yes, it works." })
  await until(async () => {
    const said = await db.execute<{ author_kind: string }>(
      sql`select author_kind from ticket_messages where delivery is null or delivery = 'sent' order by sent_at`,
    )
    expect(said.rows.map(({ author_kind }) => author_kind).toSorted()).toEqual(["bot", "opener", "opener", "staff"])
    const tickets = await db.execute<{ status: string; last_from: string }>(sql`select status, last_from from tickets`)
    expect(tickets.rows).toEqual([{ status: "open", last_from: "opener" }])
  })
})

test("a mail whose queue message was lost is kept by the sweep", async () => {
  await db.execute(sql`truncate tickets, received_mails cascade`)
  const mail = workers.fakes.mailbox.inbox.receive(
    { from: "bob@example.org", subject: "Hi", text: "Hello" },
    { announce: false },
  )
  const payload = JSON.stringify({ type: "email.received", data: { email_id: mail.id } })
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, email_id, next_attempt_at)
    values ('lost', 'email.received', now(), now(), ${payload}, ${mail.id}, now() - interval '5 minutes')`)
  await workers.runJob("events")
  await until(async () =>
    expect((await db.execute(sql`select status from resend_events where svix_id = 'lost'`)).rows).toEqual([
      { status: "applied" },
    ]),
  )
  expect((await db.execute(sql`select opener_email from tickets`)).rows).toEqual([{ opener_email: "bob@example.org" }])
})
