import { AppError } from "../errors.ts"

/** The largest file, in bytes, and the most rows below its header. */
export const importLimits = { bytes: 5_000_000, rows: 20_000 }

export interface CsvRecord {
  /** As a spreadsheet counts: the header is row 1. */
  row: number
  cells: string[]
}

/**
 * The records of a CSV file; empty ones are left out. UTF-8 with or without a byte order mark, any line break, separated
 * by comma, semicolon or tab as the first line is. Throws `bad_request` or `too_large`, saying what to do.
 */
export function importCsv(bytes: Uint8Array): CsvRecord[] {
  if (bytes.length > importLimits.bytes)
    throw new AppError(
      "too_large",
      `The file has ${(bytes.length / 1e6).toFixed(1)} MB; up to ${importLimits.bytes / 1e6} MB are read at once. Split it.`,
    )
  const text = decode(bytes).replaceAll(/\r\n?/g, "\n")
  const records = readRecords(text, delimiterOf(text)).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""))
  if (records.length === 0) throw new AppError("bad_request", "The file is empty.")
  if (records.length - 1 > importLimits.rows)
    throw new AppError(
      "too_large",
      `The file has ${(records.length - 1).toLocaleString("en")} rows; up to ${importLimits.rows.toLocaleString("en")} are read at once. Split it.`,
    )
  return records
}

function decode(bytes: Uint8Array): string {
  const starts = (...values: number[]) => values.every((value, index) => bytes[index] === value)
  if (starts(0x50, 0x4b))
    throw new AppError("bad_request", "This is a workbook, not a CSV file. Save it as “CSV UTF-8”.")
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff))
    throw new AppError("bad_request", "The file is written in UTF-16. Save it as “CSV UTF-8”.")
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    const before = new TextDecoder().decode(bytes).split("\uFFFD", 1)[0] ?? ""
    throw new AppError(
      "bad_request",
      `The file is not written in UTF-8: line ${before.split("\n").length} holds other bytes. Save it as “CSV UTF-8”.`,
    )
  }
  if (text.includes("\0")) throw new AppError("bad_request", "The file holds NUL bytes, so it is not a CSV file.")
  return text
}

/** What separates the names in the first line most often. */
function delimiterOf(text: string): string {
  const [first = ""] = text.replaceAll(/"(?:[^"]|"")*"/g, "").split("\n", 1)
  const count = (sign: string) => first.split(sign).length
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}

/** Records by RFC 4180, lines ended by a line feed; a quotation mark inside a cell that does not begin with one is text. */
function readRecords(text: string, sign: string): CsvRecord[] {
  const records: CsvRecord[] = []
  const plain = new RegExp(`[^${sign}\\n]*`, "y")
  let cells: string[] = []
  for (let at = 0; at < text.length || cells.length > 0; at++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end < 0) refuseQuote(records.length + 1)
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
    } else {
      plain.lastIndex = at
      const cell = plain.exec(text)?.[0] ?? ""
      cells.push(cell)
      at += cell.length
    }
    if (text[at] === sign) continue
    if (at < text.length && text[at] !== "\n") refuseQuote(records.length + 1)
    records.push({ row: records.length + 1, cells })
    cells = []
  }
  return records
}

function closingQuote(text: string, from: number): number {
  let end = text.indexOf('"', from)
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
  return end
}

function refuseQuote(row: number): never {
  throw new AppError(
    "bad_request",
    `Row ${row} has a quotation mark that is not closed, or text after one that is. Write a quotation mark inside a cell twice.`,
  )
}
