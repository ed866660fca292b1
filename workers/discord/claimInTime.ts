import { AppError } from "../../shared/errors.ts"
import { within } from "./within.ts"

/** Waits in milliseconds between attempts. */
const waits = [500, 1000, 2000, 4000, 6000]
/** A Worker has 30 seconds after its answer; whoever waits is to be told within them. */
const atMost = 18_000

/**
 * Takes an interaction's id although the database is down for some seconds. An attempt that fails may have been done all
 * the same: then the next one says that it is taken, and the sweep finishes it.
 */
export async function claimInTime(first: Promise<boolean>, again: () => Promise<boolean>): Promise<boolean> {
  const claimed = await within(attempts(first, again), atMost)
  if (claimed === "late") throw new AppError("internal", `The database did not answer within ${atMost} ms.`)
  return claimed
}

async function attempts(first: Promise<boolean>, again: () => Promise<boolean>): Promise<boolean> {
  let attempt = first
  for (const wait of waits) {
    try {
      return await attempt
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait))
      attempt = again()
    }
  }
  return attempt
}
