export const faultKinds = [
  "latency",
  "droppedConnection",
  "tooManyRequests",
  "serverError",
  "unavailable",
  "errorAfterAcceptance",
  "timeoutAfterAcceptance",
  "duplicateWebhooks",
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultRule {
  /** From 0 to 1; 1 when left out. */
  probability?: number
  /** How many more times it happens; without end when left out. */
  count?: number
  /** Of latency; or how long a connection hangs after acceptance before it is cut (0: at once). */
  milliseconds?: number
  /** Only requests whose method and path contain this, such as `POST /v1/refunds`. */
  on?: string
}

export type FaultChange = Partial<Record<FaultKind, FaultRule | number | null>> & {
  /** Hold this many webhooks back and deliver them shuffled; 0 for in order. */
  /** Probabilities alone. */
  rates?: Partial<Record<FaultKind, number>>
  reorderWebhooks?: number
  webhooksOff?: boolean
}

const isNothing = (rule: FaultRule | number | null | undefined): rule is 0 | null | undefined =>
  !rule || (typeof rule === "object" && rule.probability === 0)

/** Misbehaviour of one vendor, drawn from a seeded generator so that a run can be repeated. */
export class Faults {
  readonly rules = new Map<FaultKind, FaultRule>()
  /** How often each has happened since the last clear. */
  readonly happened = new Map<FaultKind, number>()
  reorderWebhooks = 0
  webhooksOff = false
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  set(change: FaultChange): void {
    for (const kind of faultKinds) {
      const rule = change[kind] ?? change.rates?.[kind]
      if (rule === undefined && change[kind] === undefined) continue
      if (isNothing(rule)) this.rules.delete(kind)
      else this.rules.set(kind, typeof rule === "number" ? { probability: rule } : { ...rule })
    }
    this.reorderWebhooks = change.reorderWebhooks ?? this.reorderWebhooks
    this.webhooksOff = change.webhooksOff ?? this.webhooksOff
  }

  clear(): void {
    this.rules.clear()
    this.happened.clear()
    this.reorderWebhooks = 0
    this.webhooksOff = false
  }

  /** The rule when the fault happens now; uses up one of its count. */
  strikes(kind: FaultKind, request = ""): FaultRule | null {
    const rule = this.rules.get(kind)
    if (!rule || rule.count === 0 || (rule.on && !request.includes(rule.on))) return null
    const { probability = 1 } = rule
    if (probability < 1 && !this.happens(probability)) return null
    if (rule.count !== undefined) rule.count--
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1)
    return rule
  }

  /** mulberry32: small, and the same on every machine. */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  happens(probability: number): boolean {
    return probability > 0 && this.random() < probability
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, at: this.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }
}
