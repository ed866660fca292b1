import { narrow, type SqliteValue } from "./sqliteValue.ts"
import { isSign, isWord, type SqlToken } from "./sqlTokens.ts"

/** What a column makes of the values that it is given: https://www.sqlite.org/datatype3.html#determination_of_column_affinity. */
export type Affinity = "integer" | "text" | "blob" | "real" | "numeric"

const numeral = /^[ \t\n\v\f\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[ \t\n\v\f\r]*$/i
const least = -(2n ** 63n)

/**
 * The value of a column's `default` as rows that are older than the column show it; `undefined` for an expression that is
 * no literal, which SQLite only allows where there are no such rows, or works out by rules that are not known here.
 */
export function constantValue(tokens: SqlToken[], affinity: Affinity): SqliteValue | undefined {
  const inner = unwrapped(tokens)
  const signs = inner.findIndex((token) => !isSign(token, "-") && !isSign(token, "+"))
  const negative = inner.slice(0, signs).filter((token) => isSign(token, "-")).length % 2 === 1
  const [literal, ...rest] = unwrapped(inner.slice(Math.max(0, signs)))
  if (!literal || rest.length > 0) return undefined
  if (literal.kind === "number") return ofNumber(literal.text.replaceAll("_", ""), negative, affinity)
  if (isWord(literal, "null")) return null
  if (negative) return undefined
  if (literal.kind === "blob") return bytesOf(literal.text)
  if (isWord(literal, "true", "false")) return ofNumber(isWord(literal, "true") ? "1" : "0", false, affinity)
  if (isWord(literal, "current_time", "current_date", "current_timestamp") || literal.kind === "sign") return undefined
  const { text } = literal
  return affinity !== "text" && affinity !== "blob" && numeral.test(text) ? numberOf(text.trim(), affinity) : text
}

/** Without brackets around all of it. */
function unwrapped(tokens: SqlToken[]): SqlToken[] {
  let depth = 0
  while (isSign(tokens[depth], "(") && isSign(tokens.at(-1 - depth), ")")) depth++
  return tokens.slice(depth, tokens.length - depth)
}

/** A column of texts keeps a number as it is written, but for short ones that are whole. */
function ofNumber(digits: string, negative: boolean, affinity: Affinity): SqliteValue {
  const text = isShort(digits) ? String(negative ? 0 - Number(digits) : Number(digits)) : signed(digits, negative)
  return affinity === "text" ? text : numberOf(text, affinity)
}

const isShort = (digits: string) => /^\d+$/.test(digits) && Number(digits) < 2 ** 31

function signed(digits: string, negative: boolean): string {
  if (!/^0x/i.test(digits)) return negative ? `-${digits}` : digits
  const value = BigInt.asIntN(64, BigInt(digits))
  return String(negative ? -value : value)
}

function numberOf(text: string, affinity: Affinity): number | bigint {
  const value = Number(text)
  if (affinity === "real") return value
  if (/^[+-]?\d+$/.test(text)) {
    const exact = BigInt(text)
    return BigInt.asIntN(64, exact) === exact ? narrow(exact) : value
  }
  // A whole number written with a point or an exponent becomes an integer, but for a column without a type.
  const whole = affinity !== "blob" && Number.isInteger(value) && value > Number(least) && value < -Number(least)
  return whole ? narrow(BigInt(value)) : value
}

const bytesOf = (hex: string) =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16))
