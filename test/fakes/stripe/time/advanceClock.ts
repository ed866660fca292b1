import type { Account } from "../account.ts"
import { hour } from "../clock.ts"
import { dueWork } from "./dueWork.ts"

/** Moves the clock and does, in order, what falls due on the way. */
export function advanceClock(account: Account, seconds: number): void {
  const target = account.now() + seconds
  for (;;) {
    const due = dueWork(account, target)
    const [first] = due
    if (!first) break
    // What one step brings about is due an hour later at the earliest.
    for (const work of due.filter(({ at }) => at < Math.max(first.at, account.now()) + hour)) {
      account.clock.moveTo(work.at)
      work.run()
    }
  }
  account.clock.moveTo(target)
}
