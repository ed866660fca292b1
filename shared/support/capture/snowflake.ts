/** When what has this id was made: https://discord.com/developers/docs/reference#snowflakes */
export const snowflakeTime = (id: string): Date => new Date(Number((BigInt(id) >> 22n) + 1_420_070_400_000n))

/** Ids of Discord in their order, which is that of time. */
export const compareSnowflakes = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

export const laterSnowflake = (a: string, b: string): string => (compareSnowflakes(a, b) < 0 ? b : a)

/** A new UUID that sorts as an id of Discord: what was said within one millisecond stays in its order. */
export function sortableId(id: string): string {
  const hex = BigInt(id).toString(16).padStart(16, "0")
  const random = crypto.randomUUID().replaceAll("-", "")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15)}${random.slice(0, 2)}-${random.slice(20)}`
}
