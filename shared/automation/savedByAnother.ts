import { AppError } from "../errors.ts"

/** What a writer is told whose version is not the present one; 0 is a writer who made something new. */
export const savedByAnother = (kind: string, id: string, seenVersion: number): AppError =>
  new AppError(
    "conflict",
    seenVersion === 0
      ? `There is a ${kind} "${id}" already. Choose another name.`
      : `Somebody else has changed this ${kind} since you opened it. Open it again to see their version, then make your change.`,
  )
