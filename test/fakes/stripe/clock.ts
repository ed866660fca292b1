/** Stripe's clock: the wall's, moved forward by what a player or a test wants. */
export class Clock {
  offset = 0
  private readonly wall: () => Date

  constructor(wall: () => Date) {
    this.wall = wall
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.wall().getTime() / 1000) + this.offset
  }

  /** Never moves back. */
  moveTo(time: number): void {
    this.offset += Math.max(0, time - this.now())
  }
}

export const hour = 3600
export const day = 86_400
