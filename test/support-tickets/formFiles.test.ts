import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())

test("files that come with the form have names that are safe", async () => {
  const ctx = tickets.context()
  const names = ["invoice\u202Efdp.exe", "../../etc/passwd", "\u0000", "a\u0007\nb.txt", `${"n".repeat(300)}.txt`]
  const files = names.map((name, index) => ({
    id: String(index),
    name,
    contentType: "text/plain",
    size: 1,
    url: "https://cdn.discordapp.com/x",
  }))
  await reserveTicket(ctx, await loadSupport(ctx), tickets.wish({ files }))
  const kept = await tickets.rows(sql`select name from ticket_attachments order by external_id`)
  expect(kept.map(({ name }) => name)).toEqual([
    "invoicefdp.exe",
    "_.._etc_passwd",
    "file",
    "ab.txt",
    `${"n".repeat(146)}.txt`,
  ])
})
