import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { insertRows, textArray } from "../db/bulk.ts"
import { customerImportRows } from "../db/schema/customers.ts"
import { AppError } from "../errors.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { importHeader } from "./importColumns.ts"
import { importCsv } from "./importCsv.ts"
import { type ImportRow, importRows } from "./importRows.ts"

/** How long what was uploaded is kept if nobody applies it, in hours. */
const keptHours = 24

/**
 * Reads a CSV file and keeps its rows to be looked at; no customer changes. `id` is made by the form. Throws
 * `bad_request` or `too_large` where the file cannot be read at all.
 */
export async function startImport(
  ctx: Context,
  input: { id: string; fileName: string; bytes: Uint8Array },
): Promise<void> {
  requirePermission(ctx, "customers:import")
  const id = z.uuid().safeParse(input.id)
  if (!id.success) throw new AppError("bad_request", "The form has no id. Open the page again.")
  const [first, ...records] = importCsv(input.bytes)
  const header = importHeader(first?.cells ?? [])
  if (records.length === 0) throw new AppError("bad_request", "The file has no row below its header.")
  const rows = onceEach(importRows(header, records))
  const hash = await contentHash(input.bytes)
  const fileName =
    input.fileName
      .replaceAll(/\p{Cc}/gu, "")
      .toWellFormed()
      .slice(0, 200) || "file.csv"
  const now = ctx.now()
  const tooOld = new Date(now.getTime() - keptHours * 3_600_000).toISOString()
  const columns = header.columns.filter((column) => column !== null)
  const values = rows.map((row) => ({ importId: id.data, newId: crypto.randomUUID(), ...row }))
  await batch(ctx.db, [
    sql`delete from customer_imports where applied_at is null and created_at < ${tooOld}`,
    sql`insert into customer_imports (id, file_name, content_hash, columns, not_read, created_at, created_by, created_by_label)
      values (${id.data}, ${fileName}, ${hash}, ${textArray(columns)}, ${textArray(header.notRead.map((name) => name.slice(0, 100)))},
        ${now.toISOString()}, ${actorName(ctx.actor)}, ${actorLabel(ctx.actor)}) on conflict do nothing`,
    // What was sent twice is the file that came first.
    sql`${insertRows(customerImportRows, values).statement}
      where exists (select from customer_imports where id = import_id and content_hash = ${hash} and applied_at is null) on conflict do nothing`,
  ])
}

/** Of several rows with one address the first counts. */
function onceEach(rows: ImportRow[]) {
  const firstOf = new Map<string, number>()
  return rows.map((row) => {
    if (row.email === null) return row
    const first = firstOf.get(row.email)
    if (first === undefined) firstOf.set(row.email, row.row)
    if (first === undefined) return row
    const problem = { column: "email", reason: `Row ${first} has this address too.` }
    return { ...row, cells: { ...row.cells, email: row.email }, problems: [...row.problems, problem] }
  })
}

async function contentHash(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
