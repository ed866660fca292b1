import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import fc from "fast-check"
import { afterAll, expect, test } from "vitest"
import { AppError } from "../../shared/errors.ts"
import { readSqlite, type SqliteValue } from "../../shared/sqlite/readSqlite.ts"

const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-sqlite-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** The file that SQLite itself makes of these statements. */
function made(work: (database: DatabaseSync) => void): Uint8Array {
  const file = path.join(folder, `${files++}.db`)
  const database = new DatabaseSync(file)
  work(database)
  database.close()
  return new Uint8Array(readFileSync(file))
}

const tableOf = (bytes: Uint8Array, name: string) => {
  const table = readSqlite(bytes).tables.find((each) => each.name === name)
  if (!table) throw new Error(`There is no table ${name}.`)
  return { columns: table.columns, rows: [...table.rows()] }
}

const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replaceAll("\0", "").toWellFormed()),
  fc.integer({ min: 1, max: 20_000 }).map((length) => "long ".repeat(length)),
  fc.uint8Array({ maxLength: 3000 }),
)
const asRead = (each: SqliteValue): SqliteValue =>
  typeof each === "bigint" && Number.isSafeInteger(Number(each)) ? Number(each) : Object.is(each, -0) ? 0 : each

test("what SQLite writes is what is read: values of every kind, long ones, in pages and encodings of every size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { maxLength: 120 }),
      fc.constantFrom(512, 1024, 4096, 65_536),
      fc.constantFrom("UTF-8", "UTF-16le", "UTF-16be"),
      (rows, pageSize, encoding) => {
        const bytes = made((database) => {
          database.exec(`pragma page_size = ${pageSize}; pragma encoding = '${encoding}'`)
          database.exec("create table t (id integer primary key, a, b)")
          const insert = database.prepare("insert into t (a, b) values (?, ?)")
          database.exec("begin")
          for (const [a, b] of rows) insert.run(a, b)
          database.exec("commit")
        })
        const read = tableOf(bytes, "t")
        expect(read.columns).toEqual(["id", "a", "b"])
        expect(read.rows).toEqual(rows.map(([a, b], index) => [index + 1, asRead(a), asRead(b)]))
      },
    ),
    { numRuns: 40, seed: 20261121 },
  )
})

test("columns with odd names, constraints, comments, defaults of later columns, and tables of other kinds", () => {
  const bytes = made((database) => {
    database.exec(`
      pragma foreign_keys = off;
      create table "trials of 2026" (
        "e-mail" text not null unique, -- the address, lower case
        [ends at] text default ('x'), /* a, b */ \`we"ird\` int check (\`we"ird\` in (1, 2)),
        doubled int as (2 * \`we"ird\`) virtual, tripled int generated always as (3 * \`we"ird\`) stored,
        constraint one unique ("e-mail", [ends at]), foreign key ("e-mail") references other (id)
      );
      create table other (id text primary key, b) without rowid;
      create index i on "trials of 2026" ("e-mail");
      create view v as select 1;
      insert into "trials of 2026" ("e-mail", [ends at], \`we"ird\`) values ('a@example.com', 'later', 1);
      alter table "trials of 2026" add column source text default 'web''site';
      alter table "trials of 2026" add column tries integer default 3;
      insert into "trials of 2026" ("e-mail", source) values ('b@example.com', null);
    `)
  })
  expect(readSqlite(bytes).tables.map(({ name }) => name)).toEqual(["trials of 2026", "other"])
  expect(tableOf(bytes, "trials of 2026")).toEqual({
    columns: ["e-mail", "ends at", 'we"ird', "tripled", "source", "tries"],
    rows: [
      ["a@example.com", "later", 1, 3, "web'site", 3],
      ["b@example.com", "x", null, null, null, 3],
    ],
  })
})

test("tables of kinds that are not read say so when they are asked for", () => {
  const bytes = made((database) =>
    database.exec(`
      create table "made (otherwise)" (id integer primary key, email text) without /* yes */ rowid;
      insert into "made (otherwise)" values (1, 'a@example.com');
      create virtual table search using fts5(email);`),
  )
  const { tables } = readSqlite(bytes)
  const rowsOf = (name: string) => () => [...(tables.find((each) => each.name === name)?.rows() ?? [])]
  expect(tables.find(({ name }) => name.startsWith("made"))?.columns).toEqual(["id", "email"])
  expect(rowsOf("made (otherwise)")).toThrow('The table "made (otherwise)" is not read: it is made WITHOUT ROWID.')
  expect(rowsOf("search")).toThrow('The table "search" is not read: it is a virtual table.')
})

test("a default that is no literal is told by the column's name, and only where a row needs it", () => {
  const read = (statements: string) =>
    tableOf(
      made((database) => database.exec(statements)),
      "t",
    )
  const added = "alter table t add column b default (cast('5' as integer))"
  expect(() => read(`create table t (a); insert into t values (1); ${added}`)).toThrow(/column "b".*is not read/)
  expect(read(`create table t (a); ${added}; insert into t values (1, 2)`).rows).toEqual([[1, 2]])
})

test("thousands of rows among many tables, with rows deleted in between", () => {
  const bytes = made((database) => {
    for (let index = 0; index < 60; index++) database.exec(`create table t${index} (a, b)`)
    database.exec(`
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into t7 select i, 'row ' || i from n;
      delete from t7 where a % 3 = 0;`)
  })
  const { rows } = tableOf(bytes, "t7")
  expect(rows).toHaveLength(20_000 - 6666)
  expect(rows.at(-1)).toEqual([20_000, "row 20000"])
})

test("a file in WAL mode says so", () => {
  expect(
    readSqlite(made((database) => database.exec("pragma journal_mode = wal; create table t (a)"))).mayHaveWal,
  ).toBe(true)
  expect(readSqlite(made((database) => database.exec("create table t (a)"))).mayHaveWal).toBe(false)
})

test("rows made of the same bytes again and again are refused before they fill the memory", () => {
  const bytes = made((database) => database.exec("create table t (a); insert into t values (hex(zeroblob(1500)))"))
  const view = new DataView(bytes.buffer)
  const page = 4096
  const cell = view.getUint16(page + 8)
  const copies = Math.floor((cell - 8) / 2)
  view.setUint16(page + 3, copies)
  for (let index = 0; index < copies; index++) view.setUint16(page + 8 + 2 * index, cell)
  expect(() => tableOf(bytes, "t")).toThrow(/larger than the file/)
})

test("a damaged, cut off or hostile file ends in a clear error, or in rows, never in a loop or another error", () => {
  const whole = made((database) => {
    database.exec(`create table t (id integer primary key, a, b);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 400) insert into t select i, 'row ' || i, hex(zeroblob(i * 9)) from n;`)
  })
  const readAll = (bytes: Uint8Array) => {
    try {
      for (const table of readSqlite(bytes).tables) for (const _ of table.rows());
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "bad_request") throw error
    }
  }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 16, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 20 }),
      (flips, kept) => {
        const bytes = whole.slice(0, kept === 20 ? whole.length : Math.floor((whole.length * kept) / 20))
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value
        readAll(bytes)
      },
    ),
    { numRuns: 400, seed: 20261121 },
  )
  expect(() => readSqlite(new Uint8Array(0))).toThrow(/damaged or cut off/)
  expect(() => readSqlite(whole.slice(0, 4096))).toThrow(/should have/)
})
