import { AppError } from "../../errors.ts"

/** What whoever is blocked is told, until when or for good, whether they open a ticket or open one again. */
export function openerBlocked(until: Date | null): AppError {
  const ends = until ? ` until <t:${Math.ceil(until.getTime() / 1000)}:f>` : ""
  return new AppError("forbidden", `You cannot open tickets here${ends}. Please write to us by e-mail.`)
}
