import { AppError, toAppError } from "../../errors.ts"
import type { Retrieved, StripeApi } from "../../vendors/stripe.ts"

/** Workers may hold six connections at once; one stays free for the database. */
const atOnce = 5

/** For this long a batch waits for Stripe in all: its events that need nothing of Stripe wait along. */
const patienceMilliseconds = 20_000

/** Answers of Stripe's API, each asked for once a batch however many events need it. */
export class Lookups {
  private readonly stripe: StripeApi
  private readonly answers = new Map<string, Promise<Retrieved | null | AppError>>()
  private readonly settled = new Map<string, Retrieved | null | AppError>()
  private readonly waiting: (() => void)[] = []
  private running = 0
  private until: number

  constructor(stripe: StripeApi, patience = patienceMilliseconds) {
    this.stripe = stripe
    this.until = Date.now() + patience
  }

  /** Asks and waits; never throws, the result tells. */
  async retrieve(path: string): Promise<Retrieved | null | AppError> {
    let answer = this.answers.get(path)
    if (!answer) {
      answer = this.ask(path)
      this.answers.set(path, answer)
    }
    return answer
  }

  /** What an earlier `retrieve` brought: null where Stripe does not have it. */
  result(path: string): Retrieved | null | AppError | undefined {
    return this.settled.get(path)
  }

  private async ask(path: string): Promise<Retrieved | null | AppError> {
    if (this.running >= atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve))
    this.running++
    const result = await this.withinPatience(path)
    this.running--
    this.waiting.shift()?.()
    this.settled.set(path, result)
    return result
  }

  private async withinPatience(path: string): Promise<Retrieved | null | AppError> {
    const tooLate = new AppError("vendor_unavailable", `Stripe took too long to answer GET ${path}.`)
    const left = this.until - Date.now()
    if (left <= 0) return tooLate
    let timer: ReturnType<typeof setTimeout> | undefined
    const patience = new Promise<AppError>((resolve) => {
      timer = setTimeout(() => {
        // A timer may go off a moment early by the clock.
        this.until = 0
        resolve(tooLate)
      }, left)
    })
    try {
      return await Promise.race([this.stripe.retrieve(path).catch(toAppError), patience])
    } finally {
      clearTimeout(timer)
    }
  }
}
