import type { TimelineLine, TimelinePage } from "../../../../shared/customers/customerTimeline.ts"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select } from "../../components/field.tsx"
import { Money } from "../../components/money.tsx"
import { Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"

/** `invoice.payment_failed` as "Invoice payment failed". */
const inWords = (kind: string) => {
  const words = kind.replaceAll(/[._]/g, " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a line tells besides its kind: an amount, and short facts. */
function Details({ data }: { data: Record<string, unknown> }) {
  const { amount, currency, outbox: _, ...rest } = data
  const facts = Object.entries(rest).flatMap(([name, value]) => {
    const told = Array.isArray(value) ? value.filter((each) => typeof each === "string").join(", ") : value
    return (typeof told === "string" && told !== "") || typeof told === "number"
      ? [`${inWords(name.replaceAll(/([A-Z])/g, " $1").toLowerCase())}: ${told}`]
      : []
  })
  return (
    <>
      {typeof amount === "number" && typeof currency === "string" && (
        <>
          {" "}
          <Money amount={amount} currency={currency} />
        </>
      )}
      {facts.length > 0 && <div class="hint">{facts.join(" · ")}</div>}
    </>
  )
}

const Line = ({ line: { kind, data, source, sourceId, at } }: { line: TimelineLine }) => (
  <li>
    <div>
      <span class="kind">
        {source === "support" && sourceId ? <a href={`/tickets/${sourceId}`}>{inWords(kind)}</a> : inWords(kind)}
      </span>
      <Details data={source === "support" ? { ...data, id: null } : data} />
    </div>
    <span class="hint">
      <Time at={at} /> · {source}
    </span>
  </li>
)

/** Newest first, with a filter by kind and older lines on a page of their own. */
export function Timeline(props: { customerId: string; timeline: TimelinePage; kinds: string[]; kind?: string }) {
  const { customerId, timeline, kinds, kind } = props
  const older = new URLSearchParams({ ...(kind && { kind }), ...(timeline.next && { before: timeline.next }) })
  return (
    <Section title="Timeline" id="timeline">
      <search aria-label="Filter the timeline">
        <form
          class="filters"
          method="get"
          action={`/customers/${customerId}`}
          hx-get={`/customers/${customerId}`}
          hx-trigger="change, submit"
          hx-target="#lines"
          hx-select="#lines"
          hx-swap="outerHTML"
          hx-push-url="true"
        >
          <Field label="Kind" name="kind">
            <Select
              name="kind"
              value={kind}
              options={kinds.map((value) => ({ value, label: inWords(value) }))}
              empty="Everything"
            />
          </Field>
          <button class="button plain" type="submit">
            Show
          </button>
        </form>
      </search>
      <div id="lines">
        {timeline.lines.length > 0 ? (
          <ul class="lines">
            {timeline.lines.map((line) => (
              <Line line={line} />
            ))}
          </ul>
        ) : (
          <EmptyState title="Nothing yet" />
        )}
        {timeline.next && <a href={`/customers/${customerId}?${older}#timeline`}>Older</a>}
      </div>
    </Section>
  )
}
