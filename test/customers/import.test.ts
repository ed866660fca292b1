import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { applyImport, discardImport } from "../../shared/customers/importApply.ts"
import { dryRunImport } from "../../shared/customers/importDryRun.ts"
import { startImport } from "../../shared/customers/importStart.ts"
import { addressHash } from "../../shared/email/addressHash.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const actor: Actor = { kind: "staff", id: crypto.randomUUID(), email: "ops@local.test", name: "Ops", role: "ops" }
const ctx = testContext({ db, vendors: {}, actor })

async function upload(file: string | Uint8Array) {
  const id = crypto.randomUUID()
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file
  await startImport(ctx, { id, fileName: "people.csv", bytes })
  return dryRunImport(ctx, { id })
}
const apply = ({ run, plan }: Awaited<ReturnType<typeof upload>>) =>
  applyImport(ctx, { id: run.id, hash: run.contentHash, plan })
async function imported(file: string) {
  const shown = await upload(file)
  await apply(shown)
  return shown.counts
}
const customer = async (email: string) =>
  (
    await db.execute(
      sql`select name, country, time_zone, tags, stage from customers where lower(email) = ${email} and deleted_at is null`,
    )
  ).rows
const ofStripe = (email: string, name: string) =>
  db.execute(sql`insert into customers (id, stripe_id, email, name, country, tags, created_at, synced_at, synced_order, digest)
    values (gen_random_uuid(), ${`cus_${crypto.randomUUID()}`}, ${email}, ${name}, 'DE', array['old'], now(), now(), '', '')`)

test("a file becomes leads, with what it tells of each", async () => {
  const shown = await upload(
    'E-Mail,Full name,Country,Time zone,Tags,Shoe size\r\n ADA@Example.com ,"Ada\r\nLovelace",uk,europe/london,"VIP | early bird",38\r\n',
  )
  expect(shown).toMatchObject({
    counts: { new: 1, changed: 0, unchanged: 0, invalid: 0 },
    run: { notRead: ["Shoe size"], columns: ["email", "name", "country", "time_zone", "tags"] },
    rows: [{ row: 2, outcome: "new", email: "ada@example.com", cells: { tags: "early bird, vip" } }],
  })
  expect(await customer("ada@example.com")).toEqual([])
  await apply(shown)
  expect(await customer("ada@example.com")).toEqual([
    { name: "Ada Lovelace", country: "GB", time_zone: "Europe/London", tags: ["early bird", "vip"], stage: "lead" },
  ])
  const told =
    await db.execute(sql`select t.kind, h.stage from customers c join timeline_entries t on t.customer_id = c.id
    join stage_history h on h.customer_id = c.id where c.email = 'ada@example.com'`)
  expect(told.rows).toEqual([{ kind: "customer.imported", stage: "lead" }])
})

test("the same file again changes nothing, and applying twice is applying once", async () => {
  const file = "email,name,tags,note\nagain@example.com,Again,a,Met at the fair\nother@example.com,,,\n"
  const first = await upload(file)
  await apply(first)
  await apply(first)
  expect(await imported(file)).toEqual({ new: 0, changed: 0, unchanged: 2, invalid: 0 })
  const kept =
    await db.execute(sql`select (select count(*)::int from customers where email like '%again@%') as customers,
    (select count(*)::int from customer_notes) as notes,
    (select count(*)::int from audit_log where action = 'customers.imported' and subject_id = ${first.run.id}) as audited`)
  expect(kept.rows).toEqual([{ customers: 1, notes: 1, audited: 1 }])
})

test("two imports of the same people at once make each of them once", async () => {
  const file = "email\ntwice@example.com\n"
  const [one, two] = [await upload(file), await upload(file)]
  const outcomes = await Promise.allSettled([apply(one), apply(two)])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
  expect(await customer("twice@example.com")).toHaveLength(1)
})

test("what a file does not tell stays, tags come on top, and only what differs is told as changed", async () => {
  await imported("email,name,country,tags\nkeep@example.com,Keep,SE,a\n")
  const shown = await upload("email,name,country,tags\nKEEP@example.com,,NO,b\n")
  expect(shown.rows).toMatchObject([
    { outcome: "changed", changes: ["country", "tags"], was: { country: "SE", tags: "a" }, cells: { country: "NO" } },
  ])
  await apply(shown)
  expect(await customer("keep@example.com")).toMatchObject([{ name: "Keep", country: "NO", tags: ["a", "b"] }])
})

test("of a customer who is at Stripe only what is ours changes, and the dry run says so", async () => {
  await ofStripe("Payer@Example.com", "Payer")
  const shown = await upload(
    "email,name,country,time zone,tags,notes\npayer@example.com,Somebody else,US,America/New_York,vip,Called\n",
  )
  expect(shown.rows).toMatchObject([
    { outcome: "changed", changes: ["time_zone", "tags", "note"], kept: ["name", "country"] },
  ])
  await apply(shown)
  expect(await customer("payer@example.com")).toMatchObject([
    { name: "Payer", country: "DE", time_zone: "America/New_York", tags: ["old", "vip"] },
  ])
  expect(await imported("email,name\npayer@example.com,Somebody else\n")).toMatchObject({ unchanged: 1, changed: 0 })
})

test("valid rows are imported though others are not, and each of those says why", async () => {
  await ofStripe("two@example.com", "Two")
  await ofStripe("TWO@example.com", "Two")
  const shown = await upload(
    [
      "email,name,country,time zone,tags",
      "good@example.com,Good,SE,,",
      "nobody,Nobody,SE,,",
      ",No address,,,",
      "where@example.com,Where,Sweden,,",
      "when@example.com,When,,Middle/Earth,",
      'tags@example.com,Tags,,,"fine,<b>"',
      "GOOD@example.com,Good again,,,",
      "two@example.com,Two,,,",
      "more@example.com,More,SE,,x,y,z",
      "",
      "+1@example.com,,ZZ,+02:00,",
    ].join("\n"),
  )
  expect(shown.counts).toEqual({ new: 1, changed: 0, unchanged: 0, invalid: 9 })
  expect(
    shown.rows.flatMap(({ row, problems }) => problems.map(({ column, reason }) => [row, column, reason])),
  ).toEqual([
    [3, "email", "This is not an e-mail address."],
    [4, "email", "There is none."],
    [5, "country", "A country is told by its two letters, as SE (ISO 3166)."],
    [6, "time_zone", "A time zone is told by its name, as Europe/Stockholm."],
    [7, "tags", expect.stringContaining("A tag has up to 64 letters")],
    [8, "email", "Row 2 has this address too."],
    [9, "email", "2 customers have this address. Change or merge them one by one."],
    [10, "row", expect.stringContaining("It has 7 cells, the header 5.")],
    [12, "country", expect.any(String)],
    [12, "time_zone", expect.any(String)],
  ])
  await apply(shown)
  const after = await dryRunImport(ctx, { id: shown.run.id })
  expect(after.run.result).toEqual(shown.counts)
  expect(after.rows.map(({ row, cells, email }) => [row, cells, email])).toEqual(
    [3, 4, 5, 6, 7, 8, 9, 10, 12].map((row) => [row, {}, null]),
  )
  expect((await customer("good@example.com")).length).toBe(1)
})

test.each([
  ["the customer has changed", sql`update customers set name = 'Renamed' where email = 'race@example.com'`],
  ["the customer is gone", sql`update customers set deleted_at = now() where email = 'race@example.com'`],
  [
    "somebody else has the address too",
    sql`insert into customers (id, email, created_at, synced_at, synced_order, digest)
      values (gen_random_uuid(), 'race@example.com', now(), now(), '', '')`,
  ],
])("what was shown is applied or nothing: %s", async (_what, meanwhile) => {
  await db.execute(sql`delete from timeline_entries`)
  await db.execute(sql`delete from stage_history`)
  await db.execute(sql`delete from customers where email = 'race@example.com'`)
  await imported("email,name\nrace@example.com,Race\n")
  const shown = await upload("email,name,country\nrace@example.com,Race car,SE\n")
  await db.execute(meanwhile)
  await expect(apply(shown)).rejects.toMatchObject({ code: "conflict" })
  expect(await db.execute(sql`select 1 from customers where name = 'Race car'`)).toMatchObject({ rows: [] })
})

test("another file's hash or another import's plan is not applied", async () => {
  const shown = await upload("email\nhash@example.com\n")
  const { id, contentHash } = shown.run
  await expect(applyImport(ctx, { id, hash: "0".repeat(64), plan: shown.plan })).rejects.toThrow("have changed")
  await expect(applyImport(ctx, { id, hash: contentHash, plan: "" })).rejects.toThrow("have changed")
  await discardImport(ctx, { id })
  await expect(apply(shown)).rejects.toMatchObject({ code: "not_found" })
  expect(await customer("hash@example.com")).toEqual([])
})

test.each([
  [",", "\n"],
  [";", "\r\n"],
  ["\t", "\r"],
])("cells separated by %j, lines ended by %j, with a byte order mark", async (sign, end) => {
  const file = `\uFEFF${[
    ["name", "email"],
    [`"A ""quoted""${sign} name"`, "bom@example.com"],
  ]
    .map((cells) => cells.join(sign))
    .join(end)}`
  const { rows } = await upload(file)
  expect(rows).toMatchObject([
    { email: "bom@example.com", cells: { name: `A "quoted"${sign === "\t" ? "" : sign} name` } },
  ])
})

test.each([
  ["nothing", "", "The file is empty"],
  ["a header alone", "email\n", "no row below"],
  ["no e-mail column", "name;country\nAda;SE\n", "It holds: name, country"],
  ["two e-mail columns", "email,E-mail\na@example.com,b@example.com\n", "names email 2 times"],
  [
    "a quotation mark that is not closed",
    'email,name\na@example.com,"Ada\nb@example.com,Bob\n',
    "Row 2 has a quotation",
  ],
  [
    "Latin-1",
    Uint8Array.from([...new TextEncoder().encode("email,name\na@example.com,J"), 0xf6]),
    "line 2 holds other bytes",
  ],
  ["UTF-16", Uint8Array.from([0xff, 0xfe, 0x65, 0]), "written in UTF-16"],
  ["a workbook", Uint8Array.from([0x50, 0x4b, 3, 4]), "This is a workbook"],
  ["NUL", "email\na\0@example.com\n", "NUL"],
  ["too much", `email\n${"x".repeat(5_000_000)}`, "The file has 5.0 MB"],
  ["too many rows", `email\n${"a@b.co\n".repeat(20_001)}`, "20,001 rows"],
])("a file with %s is refused, and the answer says what to do", async (_what, file, message) => {
  await expect(upload(file)).rejects.toThrow(message)
})

test("who asked to be forgotten does not come back by an old file", async () => {
  await db.execute(sql`insert into suppressions (email, reason, "all", since)
    values (${addressHash(sql`'forgotten@example.com'`)}, 'erased', false, now())`)
  const shown = await upload("email,name\nForgotten@example.com,Ada\n")
  expect(shown.rows).toMatchObject([{ outcome: "invalid", problems: [{ column: "email" }] }])
  await apply(shown)
  expect(await customer("forgotten@example.com")).toEqual([])
})

test("the address of somebody who was merged leads to whom they were merged into", async () => {
  await imported("email,name\nstays@example.com,Stays\n")
  await db.execute(sql`insert into customers (id, email, merged_into, deleted_at, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), email, id, now(), now(), now(), '', ''
    from (select id, unnest(array['Merged@example.com', 'stays@example.com']) as email from customers where email = 'stays@example.com') s`)
  const shown = await upload("email,tags\nmerged@example.com,moved\n")
  expect(shown.rows).toMatchObject([{ outcome: "changed", changes: ["tags"] }])
  await apply(shown)
  expect(await customer("stays@example.com")).toMatchObject([{ name: "Stays", tags: ["moved"] }])
})

test("what nobody applied is gone after a day", async () => {
  const shown = await upload("email\nold@example.com\n")
  const later = testContext({ db, vendors: {}, actor, now: new Date(ctx.now().getTime() + 25 * 3_600_000) })
  await startImport(later, {
    id: crypto.randomUUID(),
    fileName: "",
    bytes: new TextEncoder().encode("email\nx@example.com"),
  })
  await expect(dryRunImport(ctx, { id: shown.run.id })).rejects.toMatchObject({ code: "not_found" })
})

test("20,000 rows are shown and applied, also where statistics know of none of them", async () => {
  const file = `email,name,tags\n${Array.from({ length: 20_000 }, (_, index) => `many${index}@example.com,Many ${index},bulk`).join("\n")}\n`
  expect(await imported(file)).toMatchObject({ new: 20_000 })
  // As when they were gathered while the rows were being written.
  await db.execute(sql`analyze customers, customer_import_rows`)
  await db.execute(
    sql`update pg_class set reltuples = 0 where relname in ('customers', 'customer_import_rows') and relpages > 0`,
  )
  expect(await imported(file.replaceAll(",bulk", ",bulk|more"))).toMatchObject({ changed: 20_000 })
  const tagged = await db.execute(sql`select count(*)::int as n from customers where tags = array['bulk', 'more']`)
  expect(tagged.rows).toEqual([{ n: 20_000 }])
}, 60_000)

test("nobody without the permission imports", async () => {
  const finance = testContext({ db, vendors: {}, actor: { ...actor, role: "finance" } })
  const input = { id: crypto.randomUUID(), fileName: "x", bytes: new TextEncoder().encode("email\na@b.co") }
  await expect(startImport(finance, input)).rejects.toMatchObject({ code: "forbidden" })
  await expect(applyImport(finance, { id: input.id, hash: "", plan: "" })).rejects.toMatchObject({ code: "forbidden" })
})
