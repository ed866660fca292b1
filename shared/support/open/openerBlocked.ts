import { AppError } from "../../errors.ts"

/** What whoever is blocked is told, whether they open a ticket or open one again. */
export const openerBlocked = (): AppError =>
  new AppError("forbidden", "You cannot open tickets here. Please write to us by e-mail.")
