import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type TicketDetail, ticketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { ticketVersion } from "../../../../shared/support/ticketDetail/ticketVersion.ts"
import { transcriptDays } from "../../../../shared/support/transcript/signTranscript.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { LinkButton } from "../../components/button.tsx"
import { LiveState } from "../../components/liveState.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Conversation } from "./conversation.tsx"
import { OpenerFacts } from "./openerFacts.tsx"
import { type Draft, ReplyBox } from "./replyBox.tsx"
import { TicketMarks, TicketState } from "./ticketBadges.tsx"
import { TicketForms } from "./ticketForms.tsx"
import { TicketWork } from "./ticketWork.tsx"
import { UnchangedNotice } from "./unchangedNotice.tsx"

/** One ticket: what was said, a box to answer, and beside it who asks and what can be done. */
export async function showTicket(
  c: AdminRequest,
  shown: { draft?: Draft; problem?: string; link?: string; status?: 400 | 409 | 503 } = {},
) {
  const ctx = c.get("ctx")
  const id = c.req.param("id") ?? ""
  const seen = c.req.query("seen")
  // A page that is open asks every few seconds: mostly nothing has changed.
  if (seen !== undefined && c.req.header("hx-request") && (await ticketVersion(ctx, { id })) === seen)
    return c.body(null, 204)
  const detail = await ticketDetail(ctx, { id, before: c.req.query("before") })
  const { ticket } = detail
  const mayWrite = isPermitted(ctx.actor, "tickets:write")
  return page(
    c,
    {
      title: `#${ticket.number} ${ticket.subject}`,
      lead: `${ticket.openerName}, ${ticket.source === "email" ? (ticket.openerEmail ?? "by e-mail") : "in Discord"}`,
      trail: [
        { label: "Tickets", href: "/tickets" },
        { label: "List", href: "/tickets/list" },
      ],
      status: shown.status ?? 200,
      actions: (
        <>
          <LinkButton href={`/tickets/${id}/transcript.html`}>Transcript</LinkButton>
          <LinkButton href={`/tickets/${id}/transcript.json`}>As JSON</LinkButton>
        </>
      ),
    },
    <>
      {shown.problem && <Notice tone="bad">{shown.problem}</Notice>}
      {shown.link && <NewLink link={shown.link} />}
      <UnchangedNotice asked={c.req.query("unchanged")} />
      <LiveState c={c} />
      <div class="columns">
        <div>
          <Conversation detail={detail} mayWrite={mayWrite} />
          {mayWrite && <ReplyBox detail={detail} draft={shown.draft} />}
        </div>
        <div>
          <State detail={detail} mayWrite={mayWrite} />
          {mayWrite && <TicketForms detail={detail} me={`staff:${ctx.actor.id}`} />}
          <OpenerFacts detail={detail} mayBlock={isPermitted(ctx.actor, "tickets:manage")} />
        </div>
      </div>
    </>,
  )
}

const NewLink = ({ link }: { link: string }) => (
  <Notice tone="good">
    <p>
      The link to the transcript, for its opener alone; it is shown once. Whoever has it reads what they could read in
      the ticket, for {transcriptDays} days. Earlier links hold until their days are over.
    </p>
    <code class="secret">{link}</code>
  </Notice>
)

const State = (props: { detail: TicketDetail; mayWrite: boolean }) => {
  const { ticket, late } = props.detail
  return (
    <section class="card" id="state" data-live tabindex={-1} aria-label="State of the ticket">
      <p class="marks">
        <TicketState ticket={ticket} />
        <TicketMarks ticket={{ ...ticket, late }} />
      </p>
      <TicketWork {...props} />
    </section>
  )
}
