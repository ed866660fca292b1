import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { eventDetail } from "../../../../shared/webhooks/eventDetail.ts"
import type { EventSource } from "../../../../shared/webhooks/listEvents.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { EventStatusBadge } from "./eventStatusBadge.tsx"

/** As people read it; what is no JSON as it came. */
function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}

export async function showEvent(c: AdminRequest, source: EventSource) {
  const ctx = c.get("ctx")
  const event = await eventDetail(ctx, { source, id: c.req.param("id") ?? "" })
  const settled = event.status !== "received"
  const changed = event.timeline.length + event.rules.length + event.mails.length
  return page(
    c,
    {
      title: event.type,
      lead: event.id,
      trail: [{ label: "Events", href: `/events?source=${source}` }],
      actions: settled && isPermitted(ctx.actor, "events:replay") && (
        <form method="post" action={`/events/${source}/${encodeURIComponent(event.id)}/replay`}>
          <Button>Replay</Button>
        </form>
      ),
    },
    <>
      {c.req.query("replayed") && (
        <Notice tone="good">It is applied anew. What it did before is not done twice.</Notice>
      )}
      {event.reason && <Notice tone={event.status === "failed" ? "bad" : "neutral"}>{event.reason}</Notice>}
      <div class="columns">
        <div>
          <Section title="What it changed" id="changed">
            {changed === 0 && <p class="hint">Nothing that a person would want to see.</p>}
            <ul class="lines">
              {event.timeline.map(({ kind, at }) => (
                <li>
                  <span>{kind.replaceAll(/[._]/g, " ")}</span>
                  <span class="hint">
                    <Time at={at} />
                  </span>
                </li>
              ))}
              {event.rules.map(({ name, at }) => (
                <li>
                  <span>The rule “{name}” fired</span>
                  <span class="hint">
                    <Time at={at} />
                  </span>
                </li>
              ))}
              {event.mails.map(({ id, name, status }) => (
                <li>
                  <span>
                    Mail <a href={`/outbox/${id}`}>{name}</a>
                  </span>
                  <Badge>{status}</Badge>
                </li>
              ))}
            </ul>
          </Section>
          <Section title="As received" id="payload">
            {/* A region of its own for the keyboard: it may scroll. */}
            <pre tabindex={0}>{pretty(event.payload)}</pre>
          </Section>
        </div>
        <Section title="About" id="about">
          <Facts
            facts={[
              ["Status", <EventStatusBadge status={event.status} />],
              ["Tries", String(event.attempts)],
              ["Happened", <Time at={event.createdAt} />],
              ["Received", <Time at={event.receivedAt} />],
              ["Settled", event.settledAt ? <Time at={event.settledAt} /> : "not yet"],
              [
                "Customer",
                event.customer ? (
                  <a href={`/customers/${event.customer.id}`}>{event.customer.name ?? "Without a name"}</a>
                ) : (
                  "–"
                ),
              ],
            ]}
          />
        </Section>
      </div>
    </>,
  )
}
