import * as z from "zod/mini"
import { priorities } from "../../../../shared/db/schema/support.ts"
import { AppError } from "../../../../shared/errors.ts"
import { mergeTickets } from "../../../../shared/support/merge/mergeTickets.ts"
import { claimerName } from "../../../../shared/support/ticketDetail/claimerName.ts"
import { retryCapture } from "../../../../shared/support/ticketDetail/retryCapture.ts"
import { retryFiles } from "../../../../shared/support/ticketDetail/retryFiles.ts"
import { discardReply, retryReply } from "../../../../shared/support/ticketDetail/retryReply.ts"
import { newTranscriptLink } from "../../../../shared/support/transcript/newTranscriptLink.ts"
import { askOpener } from "../../../../shared/support/work/askOpener.ts"
import { claimTicket, releaseTicket, transferTicket } from "../../../../shared/support/work/claimTicket.ts"
import { closeTicket } from "../../../../shared/support/work/closeTicket.ts"
import { reopenTicket, retryTicket } from "../../../../shared/support/work/reopenTicket.ts"
import { setTicketCategory, setTicketPriority } from "../../../../shared/support/work/sortTicket.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { showTicket } from "./ticket.tsx"
import type { Unchanged } from "./unchangedNotice.tsx"

const message = "/messages/:message{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

const idOf = (c: AdminRequest) => c.req.param("id") ?? ""
const back = (c: AdminRequest, part = "state") => c.redirect(`/tickets/${idOf(c)}#${part}`, 303)

async function field(c: AdminRequest, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name]
  return typeof value === "string" ? value.trim() : ""
}

/** Leads back to the ticket; where it was so already, with a word of that. */
async function sorted(c: AdminRequest, what: Unchanged, change: Promise<void>) {
  try {
    await change
    return back(c)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.details.unchanged !== true) throw thrown
    return c.redirect(`/tickets/${idOf(c)}?unchanged=${what}`, 303)
  }
}

const reply = (c: AdminRequest) => ({ ticketId: idOf(c), messageId: c.req.param("message") ?? "" })

/** What staff do with a ticket; each leads back to it. */
export const ticketActions = newPages()
  .post("/claim", permitted("tickets:write"), (c) => sorted(c, "claim", claimTicket(c.get("ctx"), { id: idOf(c) })))
  .post("/release", permitted("tickets:write"), (c) =>
    sorted(c, "release", releaseTicket(c.get("ctx"), { id: idOf(c) })),
  )
  .post("/transfer", permitted("tickets:write"), async (c) => {
    const to = await field(c, "to")
    const label = await claimerName(c.get("ctx"), to)
    return sorted(c, "transfer", transferTicket(c.get("ctx"), { id: idOf(c), to, label }))
  })
  .post("/priority", permitted("tickets:write"), async (c) => {
    const priority = z.enum(priorities).safeParse(await field(c, "priority"))
    if (!priority.success) throw new AppError("bad_request", `A priority is one of ${priorities.join(", ")}.`)
    return sorted(c, "priority", setTicketPriority(c.get("ctx"), { id: idOf(c), priority: priority.data }))
  })
  .post("/category", permitted("tickets:write"), async (c) => {
    const categoryId = await field(c, "category")
    return sorted(c, "category", setTicketCategory(c.get("ctx"), { id: idOf(c), categoryId }))
  })
  .post("/close", permitted("tickets:write"), async (c) => {
    await closeTicket(c.get("ctx"), { id: idOf(c), reason: await field(c, "reason") })
    return back(c)
  })
  .post("/ask-close", permitted("tickets:write"), async (c) => {
    await askOpener(c.get("ctx"), { id: idOf(c), messageId: await field(c, "messageId") })
    return back(c)
  })
  .post("/transcript-link", permitted("tickets:write"), async (c) =>
    showTicket(c, { link: await newTranscriptLink(c.get("ctx"), { id: idOf(c) }) }),
  )
  .post("/merge", permitted("tickets:write"), async (c) => {
    const into = await mergeTickets(c.get("ctx"), {
      id: idOf(c),
      into: Number((await field(c, "into")).replace(/^#/, "")),
    })
    return c.redirect(`/tickets/${into}#state`, 303)
  })
  .post("/reopen", permitted("tickets:write"), async (c) => {
    await reopenTicket(c.get("ctx"), { id: idOf(c) })
    return back(c)
  })
  .post("/retry", permitted("tickets:write"), async (c) => {
    await retryTicket(c.get("ctx"), { id: idOf(c) })
    await retryCapture(c.get("ctx"), { id: idOf(c) })
    return back(c)
  })
  .post("/files", permitted("tickets:write"), async (c) => {
    await retryFiles(c.get("ctx"), { id: idOf(c) })
    return back(c)
  })
  .post(`${message}/retry`, permitted("tickets:write"), async (c) => {
    await retryReply(c.get("ctx"), reply(c))
    return back(c, `message-${reply(c).messageId}`)
  })
  .post(`${message}/discard`, permitted("tickets:write"), async (c) => {
    await discardReply(c.get("ctx"), reply(c))
    return back(c, `message-${reply(c).messageId}`)
  })
