import { AppError } from "../../errors.ts"

/** Part of a payload of Stripe, as parsed from JSON: nothing about it is known until it is read. */
export type Payload = { readonly [key: string]: unknown }

const isoCurrencies = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()))

function unfit(payload: Payload, key: string, expected: string): AppError {
  const value = JSON.stringify(payload[key])?.slice(0, 80)
  const owner = typeof payload.object === "string" ? payload.object : "payload"
  return new AppError("bad_request", `${owner}.${key} should be ${expected} but is ${value}.`)
}

export const isPayload = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Postgres takes neither NUL nor lone surrogates. */
export function clean(value: string): string {
  const text = value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value
  return text.isWellFormed() ? text : text.toWellFormed()
}

export function text(payload: Payload, key: string): string | null {
  const value = payload[key]
  if (value === null || value === undefined) return null
  if (typeof value !== "string") throw unfit(payload, key, "text")
  return clean(value)
}

export function requiredText(payload: Payload, key: string): string {
  const value = text(payload, key)
  if (!value) throw unfit(payload, key, "text")
  return value
}

/** An object's id, whether it stands there alone or expanded. */
export function idOf(payload: Payload, key: string): string | null {
  const value = payload[key]
  return isPayload(value) ? text(value, "id") : text(payload, key)
}

function bounded(payload: Payload, key: string, limit: number): number | null {
  const value = payload[key]
  if (value === null || value === undefined) return null
  if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > limit)
    throw unfit(payload, key, "a whole number")
  return value
}

/** Fits Postgres `integer`. */
export const count = (payload: Payload, key: string) => bounded(payload, key, 2_147_483_647)

/** Minor units of a currency; fits Postgres `bigint` and stays exact as a JavaScript number. */
export const money = (payload: Payload, key: string) => bounded(payload, key, Number.MAX_SAFE_INTEGER)

export function requiredMoney(payload: Payload, key: string): number {
  const value = money(payload, key)
  if (value === null) throw unfit(payload, key, "an amount in minor units")
  return value
}

/** ISO 4217, lower case. Throws `bad_request` with details.notRelevant when there is no such currency. */
export function currency(payload: Payload, key = "currency"): string | null {
  const value = text(payload, key)?.toLowerCase() ?? null
  if (value !== null && !isoCurrencies.has(value))
    throw new AppError("bad_request", `"${value}" is not a currency; an amount in it cannot be booked.`, {
      details: { notRelevant: true },
    })
  return value
}

export function requiredCurrency(payload: Payload): string {
  const value = currency(payload)
  if (!value) throw unfit(payload, "currency", "a currency")
  return value
}

export function flag(payload: Payload, key: string): boolean {
  const value = payload[key]
  if (value === null || value === undefined) return false
  if (typeof value !== "boolean") throw unfit(payload, key, "true or false")
  return value
}

/** Stripe's seconds since 1970. */
export function time(payload: Payload, key: string): Date | null {
  const value = bounded(payload, key, 253_402_300_799)
  return value === null ? null : new Date(value * 1000)
}

export function requiredTime(payload: Payload, key: string): Date {
  const value = time(payload, key)
  if (!value) throw unfit(payload, key, "a time")
  return value
}

/** A nested object; an empty one where it is absent or only an id. */
export function part(payload: Payload, key: string): Payload {
  const value = payload[key]
  if (value === null || value === undefined || typeof value === "string") return {}
  if (!isPayload(value)) throw unfit(payload, key, "an object")
  return value
}

/** A Stripe list (`{data: []}`) or a plain array; entries that are bare ids become `{id}`. */
export function list(payload: Payload, key: string): Payload[] {
  const value = payload[key]
  if (value === null || value === undefined) return []
  const entries = isPayload(value) ? value.data : value
  if (!Array.isArray(entries)) throw unfit(payload, key, "a list")
  return entries.map((entry) => {
    if (typeof entry === "string") return { id: entry }
    if (!isPayload(entry)) throw unfit(payload, key, "a list of objects")
    return entry
  })
}

/** Whether Stripe cut the list at its first page. */
export const isTruncated = (payload: Payload, key: string): boolean => part(payload, key).has_more === true

export function metadata(payload: Payload): Record<string, string> {
  const entries = Object.entries(part(payload, "metadata"))
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === "string" ? [[clean(key), clean(value)]] : [])),
  )
}
