export type SqliteValue = string | number | bigint | Uint8Array | null

/** A number where it is exact, as rows hold them. */
export const narrow = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
