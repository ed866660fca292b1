import { AppError } from "../errors.ts"
import { readColumns, type SqliteColumn } from "./readColumns.ts"
import { narrow, type SqliteValue } from "./sqliteValue.ts"

export type { SqliteValue } from "./sqliteValue.ts"

export interface SqliteTable {
  name: string
  columns: string[]
  /** Values in the order of `columns`. Throws `bad_request` for a table of a kind that is not read here. */
  rows(): Generator<SqliteValue[]>
}

export interface SqliteFile {
  tables: SqliteTable[]
  /** The file says that newer rows may be in a `-wal` file beside it. */
  mayHaveWal: boolean
}

const magic = "SQLite format 3\0"
const deepest = 30

export const isSqlite = (bytes: Uint8Array): boolean =>
  bytes.length >= 16 && [...magic].every((sign, index) => bytes[index] === sign.charCodeAt(0))

const broken = (what: string) => new AppError("bad_request", `The SQLite file is damaged or cut off: ${what}.`)

/**
 * The tables of an SQLite database file, read only, by https://www.sqlite.org/fileformat2.html. Small on purpose: SQLite
 * itself as WebAssembly is larger than a Worker may be. Throws `bad_request` for whatever is no whole database file.
 */
export function readSqlite(bytes: Uint8Array): SqliteFile {
  const pages = new Pages(bytes)
  const tables: SqliteTable[] = []
  for (const [, values] of treeRows(pages, 1)) {
    const [type, name, , root, sql] = values
    if (type !== "table" || typeof name !== "string" || typeof sql !== "string" || name.startsWith("sqlite_")) continue
    const { columns, unread } = readColumns(sql)
    const stored = columns.filter(({ virtual }) => !virtual)
    tables.push({
      name,
      columns: stored.map((column) => column.name),
      *rows() {
        if (unread)
          throw new AppError(
            "bad_request",
            `The table "${name}" is not read: ${unread}. Copy its rows into an ordinary table, or send them as CSV.`,
          )
        for (const [rowid, record] of treeRows(pages, Number(root)))
          yield stored.map((column, index) => {
            const value = index < record.length ? (record[index] ?? null) : fallbackOf(column)
            return column.isRowid && value === null ? rowid : value
          })
      },
    })
  }
  return { tables, mayHaveWal: bytes[18] === 2 || bytes[19] === 2 }
}

function fallbackOf({ name, fallback }: SqliteColumn): SqliteValue {
  if (fallback !== undefined) return fallback
  throw new AppError(
    "bad_request",
    `What the column "${name}" holds in rows that are older than it is an expression that is not read. Send the rows as CSV.`,
  )
}

class Pages {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly size: number
  /** Without the bytes that extensions reserve at the end of each page. */
  readonly usable: number
  readonly text: TextDecoder
  readonly count: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    if (!isSqlite(bytes) || bytes.length < 512) throw broken("it has no header")
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const size = this.view.getUint16(16)
    this.size = size === 1 ? 65_536 : size
    if (this.size < 512 || (this.size & (this.size - 1)) !== 0) throw broken(`its pages would have ${size} bytes`)
    this.usable = this.size - (bytes[20] ?? 0)
    if (this.usable < 480) throw broken("its pages have no room for rows")
    const encoding = this.view.getUint32(56)
    const label = { 0: "utf-8", 1: "utf-8", 2: "utf-16le", 3: "utf-16be" }[encoding]
    if (!label) throw broken(`its texts are in an encoding ${encoding} that there is not`)
    this.text = new TextDecoder(label, { fatal: false, ignoreBOM: true })
    this.count = Math.floor(bytes.length / this.size)
    const told = this.view.getUint32(28)
    if (this.view.getUint32(24) === this.view.getUint32(92) && told > this.count)
      throw broken(`it should have ${told} pages and has ${this.count}`)
  }

  /** Where page `number` begins; pages are counted from 1. */
  offset(number: number): number {
    if (!Number.isInteger(number) || number < 1 || number > this.count) throw broken(`there is no page ${number}`)
    return (number - 1) * this.size
  }

  byte(at: number): number {
    const value = this.bytes[at]
    if (value === undefined) throw broken("a row reaches beyond its end")
    return value
  }

  u16(at: number): number {
    return (this.byte(at) << 8) | this.byte(at + 1)
  }

  u32(at: number): number {
    return this.u16(at) * 65_536 + this.u16(at + 2)
  }
}

type Row = [rowid: number | bigint, values: SqliteValue[]]

/** Through one table: the pages that it has led to, and how many bytes of rows there may still be. */
interface Walk {
  seen: Set<number>
  left: number
}
const beginWalk = (pages: Pages): Walk => ({ seen: new Set(), left: pages.bytes.length })

/** Rows of a table's b-tree, in the order of their ids. */
function* treeRows(pages: Pages, root: number, walk: Walk = beginWalk(pages), depth = 0): Generator<Row> {
  if (walk.seen.has(root) || depth > deepest) throw broken("its pages lead in a circle")
  walk.seen.add(root)
  const start = pages.offset(root)
  const head = start + (root === 1 ? 100 : 0)
  const type = pages.byte(head)
  const cells = pages.u16(head + 3)
  if (type === 0x05) {
    for (let index = 0; index < cells; index++) {
      const cell = start + pages.u16(head + 12 + 2 * index)
      yield* treeRows(pages, pages.u32(cell), walk, depth + 1)
    }
    yield* treeRows(pages, pages.u32(head + 8), walk, depth + 1)
  } else if (type === 0x0d) {
    for (let index = 0; index < cells; index++)
      yield readCell(pages, start + pages.u16(head + 8 + 2 * index), start, walk)
  } else throw broken(`page ${root} holds no rows`)
}

function readCell(pages: Pages, cell: number, page: number, walk: Walk): Row {
  const size = varint(pages, cell)
  const rowid = varint(pages, cell + size.length)
  const total = Number(size.value)
  // All rows together are no larger than the file, unless several are made of the same bytes.
  walk.left -= total
  if (walk.left < 0) throw broken("its rows are larger than the file")
  const start = cell + size.length + rowid.length
  const most = pages.usable - 35
  const least = Math.floor(((pages.usable - 12) * 32) / 255) - 23
  const spilled = least + ((total - least) % (pages.usable - 4))
  const local = total <= most ? total : spilled <= most ? spilled : least
  if (start + local > page + pages.size) throw broken("a row reaches beyond its page")
  const payload = new Uint8Array(total)
  payload.set(pages.bytes.subarray(start, start + local))
  if (local < total) readOverflow(pages, pages.u32(start + local), payload, local, walk.seen)
  return [narrow(BigInt.asIntN(64, rowid.value)), readRecord(pages, payload)]
}

function readOverflow(pages: Pages, first: number, payload: Uint8Array, from: number, seen: Set<number>): void {
  let next = first
  for (let filled = from; filled < payload.length; ) {
    if (seen.has(next)) throw broken("its pages lead in a circle")
    seen.add(next)
    const start = pages.offset(next)
    const part = Math.min(payload.length - filled, pages.usable - 4)
    payload.set(pages.bytes.subarray(start + 4, start + 4 + part), filled)
    filled += part
    next = pages.u32(start)
  }
}

function readRecord(pages: Pages, payload: Uint8Array): SqliteValue[] {
  const record = { byte: (at: number) => payload[at] ?? fail() }
  const head = varint(record, 0)
  const end = Number(head.value)
  const values: SqliteValue[] = []
  let body = end
  for (let at = head.length; at < end; ) {
    const type = varint(record, at)
    at += type.length
    const { value, length } = readValue(pages, payload, Number(type.value), body)
    values.push(value)
    body += length
    if (body > payload.length) fail()
  }
  return values
}

const fail = (): never => {
  throw broken("a row reaches beyond its end")
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8]

function readValue(
  pages: Pages,
  payload: Uint8Array,
  type: number,
  at: number,
): { value: SqliteValue; length: number } {
  if (type === 0) return { value: null, length: 0 }
  if (type === 8 || type === 9) return { value: type - 8, length: 0 }
  if (type === 7) {
    if (at + 8 > payload.length) fail()
    return { value: new DataView(payload.buffer, payload.byteOffset + at, 8).getFloat64(0), length: 8 }
  }
  if (type < 7) {
    const length = integerBytes[type] ?? 0
    if (at + length > payload.length) fail()
    let value = 0n
    for (let index = 0; index < length; index++) value = (value << 8n) | BigInt(payload[at + index] ?? 0)
    return { value: narrow(BigInt.asIntN(length * 8, value)), length }
  }
  if (type < 12) throw broken(`a value has the type ${type} that there is not`)
  const length = (type - (type % 2 === 0 ? 12 : 13)) / 2
  if (at + length > payload.length) fail()
  const part = payload.subarray(at, at + length)
  return { value: type % 2 === 0 ? part.slice() : pages.text.decode(part), length }
}

/** One to nine bytes of seven bits, the highest first; all eight of the ninth. */
function varint(source: { byte(at: number): number }, at: number): { value: bigint; length: number } {
  let value = 0n
  for (let index = 0; index < 8; index++) {
    const byte = source.byte(at + index)
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return { value, length: index + 1 }
  }
  return { value: (value << 8n) | BigInt(source.byte(at + 8)), length: 9 }
}
