import { AppError } from "../errors.ts"

/** Lets pass a customer who is there. Throws `not_found` for nobody, `conflict` for somebody whose data was erased. */
export function refuseErased(found: { erased: boolean } | undefined): void {
  if (!found) throw new AppError("not_found", "There is no such customer.")
  if (found.erased) throw new AppError("conflict", "This customer's data was erased. Nothing more is kept about them.")
}
