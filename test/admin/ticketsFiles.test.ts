import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { sql } from "drizzle-orm"
import type { Browser } from "playwright-core"
import { afterAll, beforeEach, expect, test } from "vitest"
import { eraseCustomer } from "../../shared/customers/erase/eraseCustomer.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { ticketFile } from "../../shared/support/ticketDetail/ticketFile.ts"
import { screenshots, startBrowser } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket } from "../support/ticketRows.ts"
import { type AdminSession, expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["email"])
let plain: Browser | undefined
afterAll(() => plain?.close())
const customerId = "00000000-0000-4000-8000-0000000000a1"

beforeEach(async () => {
  await db.execute(sql`truncate tickets, customers, file_deletions, ticket_categories cascade`)
  await seedSupport(testContext({ db, vendors: {} }))
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, stage, created_at, synced_at, synced_order, digest)
    values (${customerId}, 'cus_ada', 'ada@example.com', 'Ada Koch', 'active', now(), now(), '', '')`)
})

interface Sent {
  /** As it stands in the form, quotes escaped as browsers do. */
  name: string
  type: string
  text: string
}
const attach = (session: AdminSession, ticketId: string, files: Sent[], messageId: string = crypto.randomUUID()) => {
  const part = (head: string, text: string) => `--edge\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`
  const parts = [
    part('name="messageId"', messageId),
    part('name="content"', "See the file"),
    ...files.map(({ name, type, text }) => part(`name="files"; filename="${name}"\r\ncontent-type: ${type}`, text)),
  ]
  return admin.workers.fetch("admin", `/tickets/${ticketId}/messages`, {
    method: "POST",
    headers: {
      origin: "http://admin",
      "sec-fetch-site": "same-origin",
      cookie: session.cookie,
      "content-type": "multipart/form-data; boundary=edge",
    },
    body: `${parts.join("")}--edge--\r\n`,
    redirect: "manual",
  })
}
const filesOf = async (id: string) =>
  (
    await db.execute<{ id: string; name: string; status: string }>(
      sql`select id, name, status from ticket_attachments where ticket_id = ${id} order by external_id`,
    )
  ).rows

/** A ticket with one file of staff, opened as somebody. */
async function opened(file: Sent, role: "viewer" | "support" = "viewer") {
  const { id } = await insertTicket(db, { customerId })
  expect((await attach(await admin.as("support"), id, [file])).status).toBe(303)
  const [stored] = await filesOf(id)
  const path = `/tickets/${id}/files/${stored?.id}`
  const session = await admin.as(role)
  return { id, path, session, answer: await session.get(path) }
}

test.each([
  [
    "a page",
    { name: "a.html", type: "text/html", text: "<script>alert(1)</script>" },
    "application/octet-stream",
    "attachment",
  ],
  [
    "a drawing that can hold scripts",
    { name: "a.svg", type: "image/svg+xml", text: "<svg onload='alert(1)'/>" },
    "application/octet-stream",
    "attachment",
  ],
  ["a document", { name: "a.pdf", type: "application/pdf", text: "%PDF" }, "application/octet-stream", "attachment"],
  [
    "a script in disguise",
    { name: "a.png", type: "text/javascript", text: "alert(1)" },
    "application/octet-stream",
    "attachment",
  ],
  ["a picture", { name: "a.png", type: "image/png", text: "PNG" }, "image/png", "inline"],
] as const)("%s is handed out so that nothing of it runs", async (_, file, type, disposition) => {
  const { answer } = await opened(file)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe(file.text)
  expect(answer.headers.get("content-type")).toBe(type)
  expect(answer.headers.get("content-disposition")).toBe(
    `${disposition}; filename="${file.name}"; filename*=UTF-8''${file.name}`,
  )
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff")
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
  expect(answer.headers.get("cache-control")).toContain("no-store")
  expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin")
})

test("a hostile name is a name, in the header and on the page", async () => {
  const name = "%22; filename=%22x.exe\u202Egnp.<img src=x onerror=alert(1)>.txt"
  const { id, session, answer } = await opened({ name, type: "text/plain", text: "x" })
  const [file] = await filesOf(id)
  expect(file?.name).toBe("%22; filename=%22x.exegnp._img src=x onerror=alert(1)_.txt")
  expect(answer.headers.get("content-disposition")).toMatch(
    /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%~-]+$/,
  )
  expect(await (await session.get(`/tickets/${id}`)).text()).not.toContain("<img src=x")
})

test("who is not signed in, or may not read tickets, gets no file; nor does anybody by another ticket", async () => {
  const { id, path, session } = await opened({ name: "a.txt", type: "text/plain", text: "secret" })
  const outside = await admin.workers.fetch("admin", path, { redirect: "manual" })
  expect([outside.status, outside.headers.get("location")?.split("?")[0]]).toEqual([303, "/sign-in"])
  const [file] = await filesOf(id)
  const key = { kind: "apiKey", id: crypto.randomUUID(), name: "website", scopes: ["customers:read"] } as const
  const ctx = testContext({ db, actor: key, vendors: {} })
  await expect(ticketFile(ctx, { ticketId: id, fileId: file?.id ?? "" })).rejects.toMatchObject({ code: "forbidden" })
  const other = await insertTicket(db)
  expect((await session.get(`/tickets/${other.id}/files/${file?.id}`)).status).toBe(404)
})

test("a file that was erased, is gone from the store, or was never kept is answered in words", async () => {
  const { id, path, session } = await opened({ name: "a.txt", type: "text/plain", text: "secret" })
  const answerOf = async () => {
    const answer = await session.get(path)
    return [answer.status, /<p>([^<]*)<\/p>/.exec((await answer.text()).split("<h1>")[1] ?? "")?.[1]]
  }
  const keys = await db.execute<{ key: string }>(sql`select key from ticket_attachments where ticket_id = ${id}`)
  await db.execute(sql`update ticket_attachments set key = 'tickets/not/there' where ticket_id = ${id}`)
  expect(await answerOf()).toEqual([404, "This file is not in the store any more."])
  await db.execute(sql`update ticket_attachments set status = 'too_large', key = null where ticket_id = ${id}`)
  expect(await answerOf()).toEqual([404, "This file is not kept here: it is too large."])
  await db.execute(
    sql`update ticket_attachments set status = 'stored', key = ${keys.rows[0]?.key} where ticket_id = ${id}`,
  )
  const ctx = testContext({ db, actor: { kind: "job", name: "test" }, vendors: {} })
  await eraseCustomer(ctx, { id: customerId, confirmation: undefined })
  expect(await answerOf()).toEqual([404, "There is no such file."])
  expect((await db.execute(sql`select key from file_deletions`)).rows).toEqual(keys.rows)
})

test("what a reply does not take is refused in words, and what was written stands there still", async () => {
  const { id } = await insertTicket(db)
  const support = await admin.as("support")
  const refused = await attach(support, id, [{ name: "a.txt", type: "text/plain", text: "x".repeat(10_000_001) }])
  const html = await refused.text()
  expect([refused.status, html.includes("See the file</textarea>")]).toEqual([400, true])
  expect(html).toContain(
    "&quot;a.txt&quot; is larger than 10 MB. Choose the files again: a browser does not keep them.",
  )
  expect(html).toContain("Up to 10, each up to 10 MB, 24 MB together.")
  const mail = await insertTicket(db, { source: "email", openerEmail: "eve@example.com", openerId: null })
  expect(await (await support.get(`/tickets/${mail.id}`)).text()).toContain(
    "Up to 10, each up to 10 MB, 15 MB together.",
  )
  const eleven = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.txt`, type: "text/plain", text: "x" }))
  expect(await (await attach(support, id, eleven)).text()).toContain("up to 10 files, and these are 11.")
  expect(await filesOf(id)).toEqual([])
  expect((await attach(await admin.as("viewer"), id, eleven)).status).toBe(403)
})

test("the same form with the same files, sent five times at once, is one reply", async () => {
  const { id } = await insertTicket(db)
  const support = await admin.as("support")
  const messageId = crypto.randomUUID()
  const file = { name: "a.txt", type: "text/plain", text: "one" }
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => attach(support, id, [file], messageId)))
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303])
  expect(await filesOf(id)).toMatchObject([{ name: "a.txt", status: "stored" }])
})

test("files of an answer by mail get from the form to the opener's mail", async () => {
  const { id } = await insertTicket(db, { source: "email", openerEmail: "eve@customers.test", openerId: null })
  await attach(await admin.as("support"), id, [{ name: "a.txt", type: "text/plain", text: "one" }])
  const { mails } = admin.workers.fakes.mailbox
  await expect.poll(() => mails.length, { timeout: 15_000 }).toBe(1)
  expect(mails[0]).toMatchObject({
    to: ["eve@customers.test"],
    attachments: [{ filename: "a.txt", content_type: "text/plain", content: btoa("one") }],
  })
})

const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-uploads-"))
afterAll(() => rmSync(folder, { recursive: true }))
/** A file of that many bytes; browsers read large ones from the disk faster than they are told of them. */
function upload(name: string, bytes: number): string {
  const file = path.join(folder, name)
  writeFileSync(file, Buffer.alloc(bytes, "x"))
  return file
}

test("in a browser: what is too large is said before it is sent, and chosen files stay while a text is put in", async () => {
  const { id } = await insertTicket(db)
  const { page, problems } = await admin.browser("support")
  await page.goto(`/tickets/${id}`)
  const files = page.getByLabel("Files")
  const complaint = () => page.evaluate<string>("document.querySelector('input[type=file]').validationMessage")
  await files.setInputFiles([upload("large.log", 10_000_001)])
  expect(await complaint()).toBe('"large.log" is larger than 10 MB.')
  await files.setInputFiles(["a", "b", "c"].map((name) => upload(name, 8_500_000)))
  expect(await complaint()).toBe("These files are larger than 24 MB together.")
  await files.setInputFiles([upload("a.log", 3), upload("b.log", 4)])
  expect(await complaint()).toBe("")
  await page.getByLabel("Message", { exact: true }).fill("Half a reply")
  await page.getByLabel("Canned reply").selectOption({ label: "Restart first (Technical)" })
  await page.getByRole("button", { name: "Put it in" }).click()
  await expect.poll(() => page.getByLabel("Message", { exact: true }).inputValue()).toContain("Many troubles end")
  await screenshots(page, "tickets-reply-files")
  await expectAccessible(page)
  await page.getByRole("button", { name: "Send reply" }).click()
  await page.getByRole("link", { name: "b.log" }).waitFor()
  expect((await filesOf(id)).map(({ name }) => name)).toEqual(["a.log", "b.log"])
  expect(problems).toEqual([])
}, 60_000)

test("without script: files go along, and a form that nobody could keep is refused in words", async () => {
  const { id } = await insertTicket(db)
  plain = await startBrowser()
  const context = await plain.newContext({ baseURL: admin.workers.url(), javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto("/sign-in")
  await page.getByLabel("Role").selectOption("support")
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.goto(`/tickets/${id}`)
  const send = async (...files: string[]) => {
    await page.getByLabel("Message", { exact: true }).fill("See the files")
    await page.getByLabel("Files").setInputFiles(files)
    await page.getByRole("button", { name: "Send reply" }).click()
  }
  await send(...["a", "b", "c"].map((name) => upload(name, 8_500_000)))
  await page.getByText("Files of a reply are up to 24 MB together. Go back").waitFor()
  await page.goBack()
  await send(upload("a.log", 9_000_000), upload("b.log", 9_900_000), upload("c.log", 5_000_000))
  await page.getByRole("link", { name: "c.log" }).waitFor()
  expect(await filesOf(id)).toHaveLength(3)
  await context.close()
}, 60_000)
