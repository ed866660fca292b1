import { AppError, type ErrorCode } from "../../../../shared/errors.ts"
import { keepReplyFiles } from "../../../../shared/support/reply/keepReplyFiles.ts"
import { replyFileLimits } from "../../../../shared/support/reply/replyFileLimits.ts"
import { cannedReply } from "../../../../shared/support/ticketDetail/cannedReply.ts"
import { replyToTicket } from "../../../../shared/support/ticketDetail/replyToTicket.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { formLimit } from "../formLimit.ts"
import { formOf } from "../formOf.ts"
import { showTicket } from "./ticket.tsx"

/** Beside the files there is a text. */
const largestForm = replyFileLimits.together.discord + 1_000_000

/** Refuses what nobody could keep. */
export const refuseHuge = formLimit(
  largestForm,
  `Files of a reply are up to ${replyFileLimits.together.discord / 1e6} MB together. Go back: what you wrote still stands there.`,
)

const told: Partial<Record<ErrorCode, 400 | 409 | 503>> = { bad_request: 400, conflict: 409, vendor_unavailable: 503 }

/** Sends what stands in the box; where that fails, it stands there still. */
export async function sendReply(c: AdminRequest) {
  const form = await formOf(c)
  const id = c.req.param("id") ?? ""
  const content = form.one("content")
  const files = form.files("files")
  try {
    const kept = await keepReplyFiles(c.get("ctx"), { ticketId: id, files })
    await replyToTicket(c.get("ctx"), {
      messageId: form.one("messageId"),
      ticketId: id,
      content,
      internal: form.one("internal") === "yes",
      files: kept,
    })
  } catch (thrown) {
    const status = thrown instanceof AppError && told[thrown.code]
    if (!status) throw thrown
    const again = files.length > 0 ? " Choose the files again: a browser does not keep them." : ""
    return showTicket(c, { draft: { content }, problem: `${thrown.message}${again}`, status })
  }
  return c.redirect(`/tickets/${id}#reply`, 303)
}

/** The box with a canned reply put below what stands in it. */
export async function putIn(c: AdminRequest) {
  const form = await formOf(c)
  const id = c.req.param("id") ?? ""
  const [written, canned] = [form.one("content"), form.one("canned")]
  const text = canned === "" ? "" : await cannedReply(c.get("ctx"), { ticketId: id, replyId: canned })
  const content = [written, text].filter((part) => part !== "").join("\n\n")
  return showTicket(c, { draft: { content, canned } })
}
