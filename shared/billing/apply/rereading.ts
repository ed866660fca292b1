import { isDatabaseTrouble, sqlState } from "../../db/sqlState.ts"
import { AppError } from "../../errors.ts"
import { staleReadState } from "./writeBatch.ts"

const deadlockDetected = "40P01"
/** SQLSTATEs after which a batch is read again. */
const readAgain = new Set([staleReadState, deadlockDetected])

/** How often a batch is read again because somebody else changed what it had read. */
const rereads = 20

/**
 * Reads, folds and writes a batch; again from the start, a little later, where somebody else has changed what was read, or
 * at once where `work` says so.
 */
export async function rereading(work: (isReread: boolean) => Promise<"done" | "again">): Promise<void> {
  for (let read = 0; read < rereads; read++) {
    try {
      if ((await work(read > 0)) === "done") return
    } catch (thrown) {
      if (!readAgain.has(sqlState(thrown) ?? "")) throw thrown
      // Apart from the other writers, at random.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * (read + 1)))
    }
  }
  throw new AppError(
    "conflict",
    `Other writers changed the same customers ${rereads} times in a row; what is left waits for the next attempt.`,
  )
}

/**
 * Whether it is an object's fault: data that the database refuses (SQLSTATE classes 21, 22, 23 and 54, a value too long
 * for an index), or an exception of our own code. A database that does not answer is nobody's.
 */
export function isAboutAnObject(thrown: unknown): boolean {
  const state = sqlState(thrown)
  if (state !== undefined) return ["21", "22", "23", "54"].includes(state.slice(0, 2))
  return !(thrown instanceof AppError) && !isDatabaseTrouble(thrown)
}
