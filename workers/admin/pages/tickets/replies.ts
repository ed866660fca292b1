import { AppError } from "../../../../shared/errors.ts"
import { cannedReply } from "../../../../shared/support/ticketDetail/cannedReply.ts"
import { replyToTicket } from "../../../../shared/support/ticketDetail/replyToTicket.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { formOf } from "../formOf.ts"
import { showTicket } from "./ticket.tsx"

/** Sends what stands in the box; where that fails, it stands there still. */
export async function sendReply(c: AdminRequest) {
  const form = await formOf(c)
  const id = c.req.param("id") ?? ""
  const content = form.one("content")
  try {
    await replyToTicket(c.get("ctx"), {
      messageId: form.one("messageId"),
      ticketId: id,
      content,
      internal: form.one("internal") === "yes",
    })
  } catch (thrown) {
    if (!(thrown instanceof AppError) || (thrown.code !== "bad_request" && thrown.code !== "conflict")) throw thrown
    return showTicket(c, {
      draft: { content },
      problem: thrown.message,
      status: thrown.code === "conflict" ? 409 : 400,
    })
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
