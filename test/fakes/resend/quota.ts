import { Refusal } from "./refusal.ts"

/** Mails per day and month of UTC; 0 for no limit. */
export class Quota {
  daily: number
  monthly: number
  private readonly now: () => Date
  private day = ""
  private today = 0
  private month = ""
  private thisMonth = 0

  constructor(options: { daily: number; monthly: number; now: () => Date }) {
    this.daily = options.daily
    this.monthly = options.monthly
    this.now = options.now
  }

  /** Throws when `mails` more are too many. */
  use(mails: number): void {
    const now = this.now().toISOString()
    if (this.day !== now.slice(0, 10)) this.today = 0
    if (this.month !== now.slice(0, 7)) this.thisMonth = 0
    this.day = now.slice(0, 10)
    this.month = now.slice(0, 7)
    if (this.daily > 0 && this.today + mails > this.daily)
      throw new Refusal(429, "daily_quota_exceeded", "You have reached your daily email sending quota.")
    if (this.monthly > 0 && this.thisMonth + mails > this.monthly)
      throw new Refusal(429, "monthly_quota_exceeded", "You have reached your monthly email sending quota.")
    this.today += mails
    this.thisMonth += mails
  }

  clear(): void {
    this.today = 0
    this.thisMonth = 0
  }
}
