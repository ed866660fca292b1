import { type SQL, sql } from "drizzle-orm"

/** What filters and segments offer to choose from. */
export interface CustomerChoices {
  products: { id: string; name: string }[]
  countries: string[]
  currencies: string[]
  segments: { id: string; name: string }[]
}

/** As statements for the batch of a page; `readChoices` reads what they bring. */
export const customerChoices = (): SQL[] => [
  sql`select id, name from products order by lower(name), id limit 200`,
  distinctOf("customers", "country"),
  distinctOf("customer_mrr", "currency"),
  sql`select id, name from segments order by lower(name), id limit 200`,
]

export function readChoices(results: { rows: Record<string, unknown>[] }[]): CustomerChoices {
  const [products, countries, currencies, segments] = results
  const values = (each: typeof countries) => (each?.rows ?? []).map((row) => String(row.value))
  const named = (each: typeof products) =>
    (each?.rows ?? []).map((row) => ({ id: String(row.id), name: String(row.name) }))
  return {
    products: named(products),
    countries: values(countries),
    currencies: values(currencies),
    segments: named(segments),
  }
}

/** The few values of an indexed column, one index step each instead of a walk through the table. */
const distinctOf = (table: "customers" | "customer_mrr", column: "country" | "currency"): SQL => {
  const [from, value] = [sql.identifier(table), sql.identifier(column)]
  return sql`
    with recursive few as (
      (select ${value} as value from ${from} where ${value} is not null order by ${value} limit 1)
      union all
      select (select ${value} from ${from} where ${value} > few.value order by ${value} limit 1) from few where few.value is not null
    ) select value from few where value is not null limit 300`
}
