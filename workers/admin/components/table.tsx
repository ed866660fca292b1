import type { Child } from "hono/jsx"

export interface Column<Row> {
  head: string
  cell: (row: Row) => Child
  /** Figures stand to the right. */
  numeric?: boolean
  /** Text of any length, broken wherever it has to be. */
  text?: boolean
  /** What sorts by this column, and how it is sorted now. */
  sort?: { href: string; order: "ascending" | "descending" | null }
}

/** Rows under a sticky head. The first column names the row; on a phone every cell stands under its head's name. */
export function Table<Row>(props: { label: string; columns: Column<Row>[]; rows: Row[] }) {
  return (
    <section class="table" aria-label={props.label} tabindex={0}>
      <table>
        <thead>
          <tr>
            {props.columns.map(({ head, numeric, sort }) => (
              <th scope="col" class={numeric ? "numeric" : undefined} aria-sort={sort?.order ?? undefined}>
                {sort ? <a href={sort.href}>{head}</a> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr>
              {props.columns.map(({ head, cell, numeric, text }, index) =>
                index === 0 ? (
                  <th scope="row">{cell(row)}</th>
                ) : (
                  <td class={numeric ? "numeric" : text ? "text" : undefined} data-head={head}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
