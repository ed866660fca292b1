import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { eraseCustomer } from "../../shared/customers/erase/eraseCustomer.ts"
import { askToErase } from "../../shared/customers/erase/eraseQuestion.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const owner = { kind: "staff", id: crypto.randomUUID(), email: "o@staff.test", name: "Owner", role: "owner" } as const

test("whoever is erased is in no mail any more: of their tickets, of tickets of others, and of no ticket", async () => {
  const id = crypto.randomUUID()
  await db.execute(
    sql`insert into staff (id, email, name, role, created_at) values (${owner.id}, ${owner.email}, 'Owner', 'owner', now())`,
  )
  await db.execute(sql`insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${id}, 'cus_1', 'zebedee@example.org', 'Zebedee', now(), now(), '', '')`)
  const zebedee = "Zebedee Quill <zebedee@example.org>"
  await mail.receive({ from: zebedee, subject: "Mine", text: "Own", files: [{ filename: "a.txt", content: "one" }] })
  const first = await mail.receive({
    from: "ada@example.org",
    cc: ["zebedee@example.org"],
    subject: "Hers",
    text: "Hello",
  })
  mail.clock.now = later(1)
  await db.execute(sql`update tickets set status = 'closed', closed_at = ${later(1).toISOString()}`)
  await mail.receive({
    from: zebedee,
    text: "I am Zebedee",
    headers: { References: first.messageId },
    files: [{ filename: "b.txt", content: "two" }],
  })
  await mail.receive({ from: zebedee, text: "Away", headers: { "Auto-Submitted": "auto-replied" } })
  await mail.send()
  await mail.apply()
  const ctx = testContext({ db, now: later(2), actor: owner, vendors: {} })
  const { confirmation } = (await askToErase(ctx, id)) ?? {}
  await eraseCustomer(ctx, { id, confirmation: confirmation ?? undefined })

  expect((await mail.tickets()).map(({ opener_email }) => opener_email)).toEqual(["ada@example.org"])
  expect((await mail.messages()).map(({ content }) => content)).toContain("(Erased.)")
  const tables = [
    "tickets",
    "ticket_messages",
    "ticket_mails",
    "ticket_attachments",
    "received_mails",
    "resend_events",
    "ticket_events",
  ]
  for (const table of tables) {
    const rows = await db.execute<{ row: string }>(sql`select to_jsonb(t)::text as row from ${sql.identifier(table)} t`)
    for (const { row } of rows.rows) expect([table, row.toLowerCase().includes("zebedee")]).toEqual([table, false])
  }
  expect((await db.execute(sql`select from file_deletions`)).rowCount).toBe(2)
})
