import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket, insertTicketMessage } from "../support/ticketRows.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const now = new Date()
/** Script, markup, a formula, a template, control characters, a text that turns round. */
const hostile = `=cmd|'/c'!A1 "'><script>window.taken=1</script><img src=x onerror=window.taken=1> {{7*7}} \u202Egnp.exe \u0007\u000B`
/** Columns whose values the database or the code reads, not people. */
const code =
  /^(id|.*_id|.*_hash|key|.*_key|hash|status|kind|type|mail_class|change_kind|role|currency|country|time_zone|locale|email|interval|usage_type|algorithm|public_key|challenge|purpose|source|action|actions|condition|steps|exits|prefix|synced_order|digest|position|outcome|html|text|subject|payload|delivery|stage|collection_method|pause_behavior|svix_id|totp_secret|about|subject_type|actor|last_answer|value|scopes|token_hash|api_version|account|author|billing_reason|brand|last4|created_by|updated_by|content_hash|status_before|verification_status|source|priority|suggested_priority|place_kind|last_from|author_kind|origin|first_response_by|claimed_by|closed_by)$/

beforeAll(async () => {
  const history = playedHistory({ seed: 9, customers: 4, steps: 40, until: now })
  const ctx = testContext({ db, now, vendors: { stripe: history.api } })
  await seedDefaults(ctx)
  await play(ctx, history.events)
  const [customer] = (await db.execute<{ id: string }>(sql`select id from customers order by id limit 1`)).rows
  await db.execute(sql`
    insert into customer_notes (id, customer_id, text, author, author_label, created_at)
    values (gen_random_uuid(), ${customer?.id}, ${hostile}, 'staff:x', 'x', now())`)
  await db.execute(sql`
    insert into segments (id, name, condition, created_at, updated_at, updated_by)
    values (gen_random_uuid(), 'x', '{"all": [{"field": "customer.country", "op": "eq", "value": "DE"}]}', now(), now(), 'staff:x')`)
  await db.execute(sql`
    insert into api_keys (id, name, prefix, key_hash, scopes, rate_per_minute, created_at, created_by, expires_at)
    values (gen_random_uuid(), 'x', 'ohq_x', 'x', '{}', 60, now(), 'x', now() + interval '1 day')`)
  await seedSupport(ctx)
  const ticket = await insertTicket(db, {
    customerId: customer?.id ?? null,
    answers: [{ question: hostile, answer: hostile }],
  })
  const said = await insertTicketMessage(db, ticket.id, { embeds: [{ title: hostile, description: hostile }] })
  await insertTicketMessage(db, ticket.id, { origin: "email", content: "> quoted" })
  await insertTicketMessage(db, ticket.id, { origin: "admin", delivery: "failed" })
  await db.execute(sql`
    insert into ticket_message_edits (message_id, until, content) values (${said}, now(), 'x')`)
  await db.execute(sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status)
    values (gen_random_uuid(), ${ticket.id}, ${said}, 'x', 'x', 'x', 1, 'failed')`)
  await db.execute(sql`
    insert into ticket_events (id, key, ticket_id, kind, at, actor, data)
    values (gen_random_uuid(), 'x', ${ticket.id}, 'closed', now(), 'x', '{}')`)
  await db.execute(sql`
    insert into support_blocks (subject, reason, blocked_at, blocked_by) values ('eve@example.com', 'x', now(), 'x')`)
  await admin.as("owner")
  await db.execute(sql`alter table audit_log disable trigger user`)
  const columns = await db.execute<{ table: string; column: string; type: string }>(sql`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY') order by 1, 2`)
  for (const { table, column, type } of columns.rows) {
    if (code.test(column) || ["settings", "sender_state"].includes(table)) continue
    const value =
      type === "text"
        ? sql`${hostile.replaceAll("\u0000", "")} || row_number`
        : type === "ARRAY"
          ? sql`array[${hostile}]`
          : sql`jsonb_build_object(${hostile}::text, ${hostile}::text)`
    if (type === "jsonb" && !["metadata", "data", "change_data", "before", "after"].includes(column)) continue
    await db.execute(sql`
      update ${sql.identifier(table)} t set ${sql.identifier(column)} = ${value}
      from (select ctid as place, row_number() over () from ${sql.identifier(table)}) n where n.place = t.ctid`)
  }
  await db.execute(sql`update timeline_entries set kind = ${hostile}`)
  await db.execute(sql`update template_versions set subject = ${hostile.replaceAll(/[{}\p{Cc}]/gu, "")}`)
  await db.execute(sql`alter table audit_log enable trigger user`)
}, 60_000)

test("hostile text in every field is text on every page that is reached by links from the first", async () => {
  const { page, problems } = await admin.browser("owner")
  const dialogs: string[] = []
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const shapeOf = (path: string) =>
    path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|(evt|msg)_\w+/g, ":id").replace(/\?.*/, "")
  const seen = new Set<string>()
  const open = ["/"]
  const live: string[] = []
  const shown: string[] = []
  while (open.length > 0) {
    const path = open.shift() ?? "/"
    const answer = await page.goto(path)
    if (!answer || answer.status() >= 500) live.push(`${path}: ${answer?.status()}`)
    if (await page.evaluate("window.taken === 1")) live.push(`${path}: script ran`)
    if ((await page.locator("img[src=x], script:not([src])").count()) > 0) live.push(`${path}: markup is live`)
    if ((await page.content()).includes("&lt;script&gt;")) shown.push(shapeOf(path))
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll("a[href^='/']")].map((link) => link.getAttribute("href"))`,
    )
    for (const link of links) {
      const shape = shapeOf(link)
      if (seen.has(shape) || /export|transcript\./.test(link)) continue
      seen.add(shape)
      open.push(link)
    }
  }
  expect(live).toEqual([])
  expect(dialogs).toEqual([])
  expect(problems.filter((problem) => !problem.includes("status of 4"))).toEqual([])
  expect(seen.size).toBeGreaterThan(20)
  // It was there to be shown.
  expect(new Set(shown).size).toBeGreaterThan(8)
}, 120_000)
