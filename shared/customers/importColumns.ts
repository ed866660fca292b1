import { AppError } from "../errors.ts"

/** What a file may tell of a customer. */
export const importColumns = ["email", "name", "country", "time_zone", "tags", "note"] as const
export type ImportColumn = (typeof importColumns)[number]

const names: Record<ImportColumn, string[]> = {
  email: ["email", "mail", "emailaddress", "mailaddress"],
  name: ["name", "fullname", "customername", "customer"],
  country: ["country", "countrycode"],
  time_zone: ["timezone", "tz"],
  tags: ["tags", "tag", "labels"],
  note: ["note", "notes", "comment"],
}

const plain = (header: string) =>
  header
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "")

export interface ImportHeader {
  /** What each cell of a row is; null is not read. */
  columns: (ImportColumn | null)[]
  notRead: string[]
}

/** Columns by the names in the first row, whatever their order and spelling. Throws `bad_request`. */
export function importHeader(cells: string[]): ImportHeader {
  const columns = cells.map((cell) => importColumns.find((column) => names[column].includes(plain(cell))) ?? null)
  for (const column of importColumns) {
    const at = columns.flatMap((each, index) => (each === column ? [cells[index]] : []))
    if (at.length > 1)
      throw new AppError(
        "bad_request",
        `Row 1 names ${column} ${at.length} times: ${at.join(", ")}. Leave one of them.`,
      )
  }
  if (!columns.includes("email"))
    throw new AppError(
      "bad_request",
      `Row 1 has to name the columns, and one of them email. It holds: ${cells.join(", ").slice(0, 300)}.`,
    )
  return { columns, notRead: cells.filter((cell, index) => columns[index] === null && cell.trim() !== "") }
}
