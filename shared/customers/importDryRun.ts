import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import type { ImportOutcome, ImportProblem } from "../db/schema/customers.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { importPlan, planCounts, planDigest } from "./importPlan.ts"
import { type ImportRun, importRun, importRunColumns } from "./importRuns.ts"

export interface PlannedRow {
  row: number
  outcome: ImportOutcome
  email: string | null
  customerId: string | null
  /** What the file says and what the customer has, by column. */
  cells: Record<string, string>
  was: Record<string, string>
  changes: string[]
  /** Stays as Stripe has it. */
  kept: string[]
  problems: ImportProblem[]
}

export interface DryRun {
  run: ImportRun
  counts: Record<ImportOutcome, number>
  /** Tells this plan from any other; what is applied is this one or nothing. */
  plan: string
  rows: PlannedRow[]
  /** Row after which the next page begins; null on the last. */
  next: number | null
}

const pageSize = 100

type Row = Record<string, unknown> & {
  row: number
  outcome: ImportOutcome
  email: string | null
  customer_id: string | null
  changes: string[]
  kept: string[]
  problems: ImportProblem[]
  cells: Record<string, string>
  tags: string[]
  was_tags: string[] | null
}

/** What an import would do, row by row, or, once applied, what was wrong with the rows left out. Throws `not_found`. */
export async function dryRunImport(
  ctx: Context,
  input: { id: string; outcome?: ImportOutcome | undefined; after?: number | undefined },
): Promise<DryRun> {
  requirePermission(ctx, "customers:import")
  const { id, outcome, after = 0 } = input
  const [runs, whole] = await batch(ctx.db, [
    sql`select ${importRunColumns} from customer_imports where id = ${id}`,
    sql`with planned as materialized (${importPlan(id)}) select ${planCounts} as counts, ${planDigest} as plan,
      (select coalesce(jsonb_agg(to_jsonb(page) order by "row"), '[]') from (
        select * from planned where "row" > ${after} and (${outcome ?? null}::text is null or outcome = ${outcome ?? null}::text)
        order by "row" limit ${pageSize + 1}) as page) as rows`,
  ])
  if (!runs?.rows[0])
    throw new AppError("not_found", "There is no such import. What nobody applies is thrown away after a day.")
  const { counts, plan, rows } = (whole?.rows[0] ?? {}) as Pick<DryRun, "counts" | "plan"> & { rows: Row[] }
  const shown = rows.slice(0, pageSize)
  return {
    run: importRun(runs.rows[0]),
    counts,
    plan,
    rows: shown.map(plannedRow),
    next: rows.length > pageSize ? (shown.at(-1)?.row ?? null) : null,
  }
}

function plannedRow(row: Row): PlannedRow {
  const text = (value: unknown) => (Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "")
  const told = (prefix: string) =>
    Object.fromEntries(
      ["name", "country", "time_zone", "tags", "note"].map((column) => [column, text(row[`${prefix}${column}`])]),
    )
  const { outcome, email, changes, kept, problems } = row
  return {
    row: row.row,
    outcome,
    email: email ?? row.cells.email ?? null,
    customerId: row.customer_id,
    cells: outcome === "invalid" ? row.cells : told(""),
    was: told("was_"),
    changes,
    kept,
    problems,
  }
}
