import { transcriptHtml } from "../../../../shared/support/transcript/transcriptHtml.ts"
import { transcriptJson } from "../../../../shared/support/transcript/transcriptJson.ts"
import type { AdminRequest } from "../../adminApp.ts"

/** The whole of a ticket as a file, sent while it is being read. */
export async function sendTranscript(c: AdminRequest, kind: "html" | "json") {
  const ticketId = c.req.param("id") ?? ""
  const { origin } = new URL(c.req.url)
  const input = { ticketId, for: "staff" as const }
  const body =
    kind === "html"
      ? await transcriptHtml(c.get("ctx"), {
          ...input,
          fileLink: ({ id }) => `${origin}/tickets/${ticketId}/files/${id}`,
        })
      : await transcriptJson(c.get("ctx"), input)
  return c.body(body, 200, {
    "content-type": kind === "html" ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    "content-disposition": `attachment; filename="ticket-${ticketId}.${kind}"`,
  })
}
