import { AppError } from "../../../../shared/errors.ts"
import { filePolicy, fileResponse } from "../../../../shared/files/fileResponse.ts"
import { r2FileStore } from "../../../../shared/files/r2FileStore.ts"
import { ticketFile } from "../../../../shared/support/ticketDetail/ticketFile.ts"
import type { AdminRequest } from "../../adminApp.ts"

/** Hands out a file of a ticket, to be saved and not to be run. */
export async function sendFile(c: AdminRequest) {
  const file = await ticketFile(c.get("ctx"), {
    ticketId: c.req.param("id") ?? "",
    fileId: c.req.param("file") ?? "",
  })
  const stored = await r2FileStore(c.env.FILES).get(file.key)
  if (!stored) throw new AppError("not_found", "This file is not in the store any more.")
  c.set("policy", filePolicy)
  return fileResponse(stored, file)
}
