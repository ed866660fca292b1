import { eventStatuses } from "../../../../shared/db/schema/webhooks.ts"
import { AppError } from "../../../../shared/errors.ts"
import { askConfirmation } from "../../../../shared/staff/confirmations.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import {
  type EventFilter,
  type EventSource,
  eventFilter,
  eventSources,
  type ListedEvent,
  listEvents,
} from "../../../../shared/webhooks/listEvents.ts"
import { replayEvents, replayedAtOnce, replayQuestion } from "../../../../shared/webhooks/replayEvents.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button, LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { Section } from "../../components/section.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { showEvent } from "./event.tsx"
import { EventStatusBadge } from "./eventStatusBadge.tsx"

const sourceNames: Record<EventSource, string> = { stripe: "Stripe", resend: "Resend" }

function sourceOf(c: AdminRequest): EventSource {
  const source = eventSources.find((each) => each === c.req.param("source"))
  if (!source) throw new AppError("not_found", `Nothing is received from ${c.req.param("source")}.`)
  return source
}

export const eventsPages = newPages()
  .get("/", showList)
  .get("/replay-failed/:source", async (c) => {
    const source = sourceOf(c)
    const ctx = c.get("ctx")
    requirePermission(ctx, "events:replay")
    const confirmation = await askConfirmation(ctx, replayQuestion(source))
    return page(
      c,
      { title: "Replay what failed", trail: [{ label: "Events", href: "/events" }] },
      <Section title={`Every failed event of ${sourceNames[source]}`}>
        <p>
          They are tried again as if they had just come, the oldest {replayedAtOnce.toLocaleString("en")} at most. What
          they did before is not done twice.
        </p>
        <form class="row" method="post" action={`/events/replay-failed/${source}`}>
          <input type="hidden" name="confirmation" value={confirmation} />
          <Button kind="primary">Replay all failed</Button>
          <LinkButton href={address("/events", { source, status: "failed" })}>Leave them</LinkButton>
        </form>
      </Section>,
    )
  })
  .post("/replay-failed/:source", async (c) => {
    const source = sourceOf(c)
    const { confirmation } = await c.req.parseBody()
    const replayed = await replayEvents(c.get("ctx"), { source, failed: true, confirmation: String(confirmation) })
    return c.redirect(address("/events", { source, replayed: String(replayed.length) }), 303)
  })
  .get("/:source/:id", (c) => showEvent(c, sourceOf(c)))
  .post("/:source/:id/replay", async (c) => {
    const source = sourceOf(c)
    const id = c.req.param("id")
    const [replayed] = await replayEvents(c.get("ctx"), { source, ids: [id] })
    if (!replayed) throw new AppError("conflict", "This event is being applied right now. Look again in a minute.")
    return c.redirect(`/events/${source}/${encodeURIComponent(id)}?replayed=1`, 303)
  })

const linkOf = (source: EventSource, id: string) => `/events/${source}/${encodeURIComponent(id)}`

async function showList(c: AdminRequest) {
  const ctx = c.get("ctx")
  const filter = eventFilter.parse(c.req.query())
  const after = c.req.query("after")
  const { events, next } = await listEvents(ctx, { filter, after })
  const replayed = c.req.query("replayed")
  const mayReplay = isPermitted(ctx.actor, "events:replay")
  return page(
    c,
    {
      title: "Events",
      lead: "What Stripe and Resend told us, as received",
      actions: mayReplay && <LinkButton href={`/events/replay-failed/${filter.source}`}>Replay all failed</LinkButton>,
    },
    <>
      {replayed !== undefined && <Notice tone="good">{Number(replayed) || 0} events are applied anew.</Notice>}
      <Filters action="/events" label="Filter events">
        <Field label="From" name="source">
          <Select
            name="source"
            value={filter.source}
            options={eventSources.map((value) => ({ value, label: sourceNames[value] }))}
          />
        </Field>
        <Field label="Status" name="status">
          <Select
            name="status"
            value={filter.status}
            options={eventStatuses.map((value) => ({ value, label: value }))}
            empty="Any"
          />
        </Field>
        <Field label="Type begins with" name="type">
          <TextInput name="type" type="search" value={filter.type} placeholder="invoice." />
        </Field>
      </Filters>
      <div id="results">
        {events.length > 0 ? (
          <>
            <Table label="Events" rows={events} columns={columnsOf(filter)} />
            <Pager
              shown={events.length}
              first={after ? address("/events", filter) : null}
              next={next ? address("/events", { ...filter, after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title="No event fits">Take a filter away, or clear them all.</EmptyState>
        )}
      </div>
    </>,
  )
}

const columnsOf = ({ source }: EventFilter) => [
  {
    head: "Event",
    cell: ({ id, type }: ListedEvent) => (
      <>
        <a href={linkOf(source, id)}>{type}</a>
        <div class="hint">{id}</div>
      </>
    ),
  },
  { head: "Status", cell: ({ status }: ListedEvent) => <EventStatusBadge status={status} /> },
  { head: "Why", text: true, cell: ({ reason }: ListedEvent) => reason ?? "" },
  { head: "Tries", numeric: true, cell: ({ attempts }: ListedEvent) => attempts },
  { head: "Received", cell: ({ receivedAt }: ListedEvent) => <Time at={receivedAt} /> },
]
