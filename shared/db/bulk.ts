import { getTableColumns, getTableName, type SQL, sql } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"

/** An array as one parameter, so that the statement's text does not depend on its length. */
export const textArray = (values: Iterable<string>): SQL => sql`${sql.param([...values])}::text[]`
export const uuidArray = (values: Iterable<string>): SQL => sql`${sql.param([...values])}::uuid[]`

/** Rows as one jsonb parameter. jsonb refuses NUL and lone surrogates, which a payload may hold. */
export function jsonb(value: unknown): SQL {
  const json = JSON.stringify(value)
  return sql`${/\\u(0000|d[89a-f])/i.test(json) ? JSON.stringify(value, cleanText) : json}::jsonb`
}

const cleanText = (_key: string, value: unknown) =>
  typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value

/** Rows keyed by the schema's property names, as rows keyed by column names; a property that is absent stays absent. */
export function toColumns(table: PgTable, rows: object[]): Record<string, unknown>[] {
  const names = Object.entries(getTableColumns(table)).map(([property, column]) => [property, column.name] as const)
  return rows.map((row) => {
    const values: Record<string, unknown> = {}
    for (const [property, name] of names) if (property in row) values[name] = Reflect.get(row, property)
    return values
  })
}

const identifiers = (names: string[]) =>
  sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )

/** `insert into table (…) select … from rows`: any number of rows in one statement with one parameter. */
export function insertRows(table: PgTable, rows: object[]): { statement: SQL; columns: string[] } {
  const values = toColumns(table, rows)
  const columns = Object.keys(values[0] ?? {})
  const name = sql.identifier(getTableName(table))
  const list = identifiers(columns)
  return {
    columns,
    statement: sql`insert into ${name} (${list}) select ${list} from jsonb_populate_recordset(null::${name}, ${jsonb(values)})`,
  }
}

/** `column = excluded.column, …` */
export const setExcluded = (columns: string[]): SQL =>
  sql.join(
    columns.map((column) => sql`${sql.identifier(column)} = excluded.${sql.identifier(column)}`),
    sql`, `,
  )
