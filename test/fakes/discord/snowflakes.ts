const discordEpoch = 1_420_070_400_000n

/** Ids as Discord makes them: the millisecond, then a counter; each larger than the one before. */
export class Snowflakes {
  private last = 0n
  private readonly now: () => Date

  constructor(now: () => Date) {
    this.now = now
  }

  next(): string {
    const earliest = (BigInt(this.now().getTime()) - discordEpoch) << 22n
    this.last = earliest > this.last ? earliest : this.last + 1n
    return String(this.last)
  }

  /** Ids from here on are larger than this one. */
  after(id: string): void {
    if (BigInt(id) > this.last) this.last = BigInt(id)
  }

  clear(): void {
    this.last = 0n
  }

  save(): string {
    return String(this.last)
  }
}

/** When an id was made. */
export const madeAt = (id: string): Date => new Date(Number((BigInt(id) >> 22n) + discordEpoch))

export const compareIds = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0)
