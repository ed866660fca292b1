import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { listMailsApart } from "../../shared/support/mail/listMailsApart.ts"
import { openFromMail } from "../../shared/support/mail/openFromMail.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const database = useDatabase()
const { db } = database
const mail = useMail(db)
const staff = { kind: "staff", id: crypto.randomUUID(), email: "s@staff.test", name: "Sam", role: "support" } as const
const context = () => testContext({ db, now: mail.clock.now, actor: staff, vendors: {} })

test("mails that opened no ticket are listed with why, page by page, the newest first", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    id: `mail-${index}`,
    outcome: index % 2 ? "automatic" : "blocked",
    at: later(-index),
  }))
  await db.execute(sql`
    insert into received_mails (id, outcome, rfc_id, refers_to, from_email, from_name, recipients, subject, content, authentication, received_at, kept_at)
    select id, outcome, id, '{}', 'ada@example.org', 'Ada', '{}', id, 'text', '{"spf":null,"dkim":null,"dmarc":null}', at, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, outcome text, at timestamptz)`)
  const first = await listMailsApart(context(), {})
  expect(first.mails).toHaveLength(50)
  expect(first.mails[0]).toMatchObject({ id: "mail-0", outcome: "blocked", fromName: "Ada" })
  const second = await listMailsApart(context(), { after: first.next ?? "" })
  expect(second.mails.map(({ id }) => id)).toEqual(rows.slice(50).map(({ id }) => id))
  expect(second.next).toBeNull()
  expect((await listMailsApart(context(), { outcome: "automatic" })).mails).toHaveLength(30)
  expect((await listMailsApart(context(), { after: '["x"]' })).mails).toHaveLength(50)
  const nobody = testContext({ db, actor: { kind: "public" }, vendors: {} })
  await expect(listMailsApart(nobody, {})).rejects.toMatchObject({ code: "forbidden" })
  await expect(openFromMail(nobody, { id: "mail-0" })).rejects.toMatchObject({ code: "forbidden" })
})

test("a ticket opened from such a mail is one, has its files, goes on by mail, and nothing is answered by itself", async () => {
  const sent = await mail.receive({
    from: "Ada <ada@example.org>",
    subject: "Invoice?",
    text: "Which refund?",
    headers: { Precedence: "bulk" },
    files: [{ filename: "a.txt", content: "one" }],
  })
  const opened = await Promise.all([1, 2, 3].map(() => openFromMail(context(), { id: sent.id })))
  const ticket = await mail.ticket()
  expect(new Set(opened)).toEqual(new Set([ticket.id]))
  expect(ticket).toMatchObject({ subject: "Invoice?", category_id: "billing", opener_email: "ada@example.org" })
  const events = await db.execute<{ svix_id: string }>(sql`select svix_id from resend_events`)
  await mail.apply(
    mail.context(),
    events.rows.map(({ svix_id }) => svix_id),
  )
  expect(mail.files.files.size).toBe(1)
  expect((await mail.messages()).map(({ author_kind }) => author_kind)).toEqual(["opener"])
  expect((await listMailsApart(context(), {})).mails).toEqual([])
  await mail.receive({ from: "ada@example.org", text: "More", headers: { References: sent.messageId } })
  await mail.ticket()
  const audited = await db.execute(sql`select action from audit_log where action = 'ticket.openedFromMail'`)
  expect(audited.rowCount).toBe(1)
})

const admin = useAdmin(database)

test("on the page, hostile mails show nothing live, and a click opens the ticket", { timeout: 60_000 }, async () => {
  await seedSupport(testContext({ db, vendors: {} }))
  await mail.receive({
    from: "<script>alert(1)</script>\u202E <eve@example.org>",
    subject: "<img src=x onerror=alert(1)>",
    text: "<script>alert(2)</script>",
    headers: { "Auto-Submitted": "auto-replied", "Authentication-Results": "amazonses.com; spf=fail; dmarc=fail" },
  })
  const { page, problems } = await admin.browser("support")
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto("/tickets/mails?because=automatic")
  await page.getByText("<img src=x onerror=alert(1)>").click()
  await page.getByText("<script>alert(2)</script>").waitFor()
  await page.getByText("sender not proven").waitFor()
  await expectAccessible(page)
  await screenshots(page, "tickets-other-mail")
  await page.getByRole("button", { name: "Open a ticket from the mail of eve@example.org" }).click()
  await page.waitForURL(/\/tickets\/[0-9a-f-]{36}$/)
  expect(problems).toEqual([])
  const viewer = await admin.as("viewer")
  expect((await viewer.post("/tickets/mails/x/open")).status).toBe(403)
  expect(await (await viewer.get("/tickets/mails")).text()).not.toContain("Open a ticket</button>")
})
