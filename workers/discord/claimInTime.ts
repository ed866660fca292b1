import { AppError } from "../../shared/errors.ts"
import { within } from "./within.ts"

/** Waits in milliseconds between attempts. */
const waits = [500, 1000, 2000, 4000, 6000]
/** A Worker has 30 seconds after its answer; whoever waits is to be told within them. */
const atMost = 18_000

/** `perhaps`: an attempt that failed may have taken it all the same; then the sweep finishes it. */
export type Claimed = boolean | "perhaps"

/** Takes an interaction's id although the database is down for some seconds. Throws `internal` where that lasts. */
export async function claimInTime(first: Promise<boolean>, again: () => Promise<boolean>): Promise<Claimed> {
  const claimed = await within(attempts(first, again), atMost)
  if (claimed === "late") throw new AppError("internal", `The database did not answer within ${atMost} ms.`)
  return claimed
}

async function attempts(first: Promise<boolean>, again: () => Promise<boolean>): Promise<Claimed> {
  let attempt = first
  for (const wait of waits) {
    try {
      const claimed = await attempt
      return claimed || attempt === first ? claimed : "perhaps"
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait))
      attempt = again()
    }
  }
  return (await attempt) || "perhaps"
}
