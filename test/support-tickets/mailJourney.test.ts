import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["webhooks", "email"])
beforeAll(() => seedSupport(testContext({ db, vendors: {} })))

const mails = () => admin.workers.fakes.mailbox.mails
const mailWith = (text: string) =>
  vi.waitFor(
    () => {
      const found = mails().find((mail) => mail.text.includes(text))
      if (!found) throw new Error(`No mail says "${text}".`)
      return found
    },
    { timeout: 20_000, interval: 100 },
  )
const act = (fields: Record<string, string>) =>
  fetch(`${admin.workers.fakes.url}/_/act`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" })

test("a person writes by mail, staff answer in the browser, and the conversation goes on", {
  timeout: 120_000,
}, async () => {
  await act({
    action: "receiveMail",
    from: "Ada <ada@example.org>",
    subject: "My server is down",
    html: "<p>Please <b>help</b>.</p><script>alert(1)</script>",
    fileName: "log.txt",
    fileText: "error",
  })
  await mailWith("we have received your mail")
  const { page, problems } = await admin.browser("support")
  await page.goto("/tickets")
  await page.getByRole("link", { name: "My server is down" }).click()
  await page.getByText("Please help.").waitFor()
  await page.getByLabel("Message", { exact: true }).fill("Have you restarted it?\n<b>Really?</b>")
  await page.getByRole("button", { name: "Send reply" }).click()
  const answer = await mailWith("Have you restarted it?")
  expect(answer).toMatchObject({
    to: ["ada@example.org"],
    subject: expect.stringMatching(/^Re: My server is down \[#\d+\]$/),
  })
  expect(answer.html).toContain("&lt;b&gt;Really?&lt;/b&gt;")

  await act({ action: "receiveMail", from: "ada@example.org", answers: answer.id, text: "Yes, it works now." })
  await page.getByText("Yes, it works now.").waitFor({ timeout: 20_000 })
  await expectAccessible(page)
  await screenshots(page, "ticket-by-mail")
  const found = await db.execute(sql`select status, last_from from tickets`)
  expect(found.rows).toEqual([{ status: "open", last_from: "opener" }])
  expect(problems).toEqual([])
})
