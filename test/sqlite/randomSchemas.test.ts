import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import fc from "fast-check"
import { afterAll, expect, test } from "vitest"
import { readSqlite, type SqliteValue } from "../../shared/sqlite/readSqlite.ts"

const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-sqlite-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

const names = [
  "id",
  "e-mail",
  "ends at",
  "a(b",
  "c)d",
  "x,y",
  'we"ird',
  "it's",
  "sel`ect",
  "Größe",
  "default",
  "-- no",
  "/*",
  "key",
  "as",
]
const quoted = fc.constantFrom(
  (name: string) => `"${name.replaceAll('"', '""')}"`,
  (name: string) => `\`${name.replaceAll("`", "``")}\``,
  (name: string) => `[${name}]`,
  (name: string) => `'${name.replaceAll("'", "''")}'`,
)
const comment = fc.constantFrom("", "", " ", "/* (a, b), 'c */", '-- (x), "y\n', "\n\t")
const types = [
  "",
  "integer",
  "INTEGER",
  "int",
  '"integer"',
  "text",
  "varchar(20)",
  "real",
  "double precision",
  "numeric(10, 2)",
  "blob",
  "any",
  "boolean",
  "datetime",
]
const literals = [
  "null",
  "true",
  "false",
  '"true"',
  '"dq"',
  "bare",
  "[in brackets]",
  "'it''s'",
  "''",
  "'12'",
  "'1.0'",
  "' 5 '",
  "'0x10'",
  "'1e3'",
  "'-7'",
  "x'00ff'",
  "X''",
  "1.5e2",
  "-3",
  "+7",
  "- 2.50",
  ".5",
  "5.",
  "0x1F",
  "-0x10",
  "007",
  "-0",
  "1_000",
  "1e999",
  "-1e999",
  "1e18",
  "'1e18'",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "(5)",
  "((-5))",
  "(- -5)",
  "('a)')",
  "(true)",
  "(null)",
  "(x'aa')",
  "-(5)",
]
const more = [
  "",
  "",
  "not null on conflict replace",
  "collate nocase",
  "check (1 in (1, 2))",
  "references other (id) on delete set default",
  "constraint \"c, d\" check ('(' <> ',')",
]

const definition = fc.record({
  quote: quoted,
  type: fc.constantFrom(...types),
  space: comment,
  more: fc.constantFrom(...more),
  literal: fc.option(fc.constantFrom(...literals), { nil: undefined }),
  generated: fc.constantFrom("", "", "", "", "", "as (1 + 1)", "generated always as ('a,)b') stored", "as (2) virtual"),
})
type Definition = Parameters<Parameters<typeof definition.map>[0]>[0]

const columnText = (name: string, { quote, type, space, more: extra, literal, generated }: Definition, key = "") =>
  generated === ""
    ? [quote(name), type, space, key, extra, literal === undefined ? "" : `default ${literal}`].join(" ")
    : [quote(name), type, space, generated].join(" ")

const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom("", "12", "1.0", " 5 ", "text", "\uFEFFmarked", "größer 🙂"),
  fc.uint8Array({ maxLength: 8 }),
)

const schema = fc.record({
  table: fc.constantFrom("t", "a (b", "c) d", "-- (x)", 'it\'s "one"', "select"),
  tableQuote: quoted,
  before: comment,
  after: comment,
  columns: fc.array(definition, { minLength: 1, maxLength: 5 }),
  key: fc.constantFrom(
    "",
    "",
    "primary key",
    "primary key asc",
    "primary key desc",
    "primary key autoincrement",
    "of table",
    "of table",
    "of two",
  ),
  keyed: fc.nat(4),
  keyOrder: fc.constantFrom("", " desc", " collate nocase"),
  constraint: fc.constantFrom("", ", check (1)", ", constraint \"(\" check (')' <> 1) check (2)"),
  options: fc.constantFrom("", "", "", " strict"),
  rows: fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { maxLength: 6 }),
  added: fc.array(definition, { maxLength: 4 }),
  laterRows: fc.array(fc.array(value, { minLength: 9, maxLength: 9 }), { maxLength: 4 }),
  order: fc.shuffledSubarray(names, { minLength: 9, maxLength: 9 }),
})

/** Whether SQLite takes it; what it does not take changes nothing. */
function taken(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

const asRead = (each: unknown): SqliteValue => {
  if (typeof each === "bigint") return Number.isSafeInteger(Number(each)) ? Number(each) : each
  if (each instanceof Uint8Array) return new Uint8Array(each)
  return typeof each === "number" ? each + 0 : typeof each === "string" ? each : null
}

test("tables of any shape read as SQLite itself reads them: names, keys, defaults, columns added later", () => {
  let [tables, rows] = [0, 0]
  fc.assert(
    fc.property(schema, (made) => {
      const file = path.join(folder, `${files++}.db`)
      const database = new DatabaseSync(file)
      const name = `"${made.table.replaceAll('"', '""')}"`
      const keyed = made.keyed % made.columns.length
      const keyName = made.order[keyed] ?? ""
      const other = made.order[(keyed + 1) % made.columns.length] ?? ""
      const inline = made.key.startsWith("primary") ? made.key : ""
      const keyText = (each: string) => `"${each.replaceAll('"', '""').toUpperCase()}"${made.keyOrder}`
      const table =
        made.key === "of table"
          ? `, primary key (${keyText(keyName)})`
          : made.key === "of two" && made.columns.length > 1
            ? `, primary key (${keyText(keyName)}, ${keyText(other)})`
            : ""
      const columns = made.columns.map((each, index) =>
        columnText(made.order[index] ?? "", each, index === keyed ? inline : ""),
      )
      const created = `create table ${made.tableQuote(made.table)} ${made.before}(${columns.join(",")}${table}${made.constraint}${made.after})${made.options}`
      const insert = (values: SqliteValue[]) => {
        const listed = database.prepare("select name from pragma_table_xinfo(?) where hidden = 0").all(made.table)
        const into = listed.map((each) => `"${String(each.name).replaceAll('"', '""')}"`)
        taken(() => {
          database
            .prepare(`insert into ${name} (${into}) values (${into.map(() => "?")})`)
            .run(...values.slice(0, into.length))
        })
      }
      if (taken(() => database.exec(created))) {
        tables++
        for (const row of made.rows) insert(row)
        for (const [index, each] of made.added.entries())
          taken(() =>
            database.exec(
              `alter table ${name} add column ${columnText(made.order[made.columns.length + index] ?? "", each)}`,
            ),
          )
        for (const row of made.laterRows) insert(row)
        const stored = database
          .prepare("select name from pragma_table_xinfo(?) where hidden <> 2 order by cid")
          .all(made.table)
        const listed = stored.map((each) => String(each.name))
        const select = database.prepare(
          `select ${listed.map((each) => `"${each.replaceAll('"', '""')}"`)} from ${name} order by rowid`,
        )
        select.setReadBigInts(true)
        const expected = select.all().map((row) => listed.map((each) => asRead(row[each])))
        database.close()
        const read = readSqlite(new Uint8Array(readFileSync(file))).tables.find((each) => each.name === made.table)
        expect({
          created,
          columns: read?.columns,
          rows: read ? [...read.rows()].map((row) => row.map(asRead)) : null,
        }).toEqual({
          created,
          columns: listed,
          rows: expected,
        })
        rows += expected.length
      } else database.close()
      rmSync(file)
    }),
    { numRuns: 300, seed: 20261121 },
  )
  expect([tables, rows].every((count) => count > 150)).toBe(true)
}, 120_000)
