import type { Summary } from "../../../../shared/support/figures/summarise.ts"
import { type TicketFigures, ticketFigures } from "../../../../shared/support/figures/ticketFigures.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Figure, Section } from "../../components/section.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { address } from "../address.ts"
import { inWords } from "./durationInWords.ts"
import { TicketTabs } from "./ticketTabs.tsx"

const periods = [7, 30, 90, 365]

/** How soon tickets are answered and resolved, how often too late, and what openers say of it. */
export async function showFigures(c: AdminRequest) {
  const ctx = c.get("ctx")
  const { from, until } = c.req.query()
  const figures = await ticketFigures(ctx, { ...(from && { from }), ...(until && { until }) })
  const { period, hours } = figures
  return page(
    c,
    {
      title: "Figures of tickets",
      lead: "Of tickets opened in the period. Times are working hours: the clock stands still when nobody is there.",
      trail: [{ label: "Tickets", href: "/tickets" }],
    },
    <>
      <TicketTabs current="/tickets/figures" />
      <Filters action="/tickets/figures" label="Choose a period">
        <Field label="From" name="from">
          <TextInput name="from" type="date" value={period.from} />
        </Field>
        <Field label="until" name="until">
          <TextInput name="until" type="date" value={period.until} />
        </Field>
      </Filters>
      <p class="row">
        {periods.map((days) => (
          <a href={address("/tickets/figures", lastDays(days, period.today))}>Last {days} days</a>
        ))}
      </p>
      <div id="results">
        {figures.capped && <Notice tone="warn">There are more tickets than are counted: these are the newest.</Notice>}
        {figures.all.tickets === 0 ? (
          <EmptyState title="No ticket was opened in this period" />
        ) : (
          <Shown figures={figures} />
        )}
        <p class="hint">
          Days and hours as in {hours.timeZone}. First response: the first message of staff that the opener can read;
          who got none is in no median, and counts as late once the time is over. Half are below the median, nine of ten
          below p90.
        </p>
      </div>
    </>,
  )
}

const lastDays = (days: number, today: string) => ({
  from: new Date(Date.parse(today) - (days - 1) * 86_400_000).toISOString().slice(0, 10),
  until: today,
})

const Shown = ({ figures: { all, byCategory, byStaff } }: { figures: TicketFigures }) => (
  <>
    <div class="figures">
      <Figure label="Tickets" note={`${all.open} open, ${all.unanswered} unanswered`}>
        {all.tickets}
      </Figure>
      <Figure label="First response, median" note={`p90 ${inWords(all.firstResponse.p90)}`}>
        {inWords(all.firstResponse.median)}
      </Figure>
      <Figure label="Resolution, median" note={`p90 ${inWords(all.resolution.p90)}`}>
        {inWords(all.resolution.median)}
      </Figure>
      <Figure label="Late first responses" note={`${all.lateResolutions} late resolutions`}>
        {all.lateFirstResponses}
      </Figure>
      <Figure label="Rating" note={all.rating.count === 1 ? "1 rating" : `${all.rating.count} ratings`}>
        {ratingOf(all)}
      </Figure>
    </div>
    <Section title="By category">
      <Table label="By category" rows={byCategory} columns={categoryColumns} />
    </Section>
    <Section title="By staff member">
      {byStaff.length > 0 ? (
        <Table label="By staff member" rows={byStaff} columns={staffColumns} />
      ) : (
        <p class="hint">Nobody has answered yet.</p>
      )}
      <p class="hint">
        Answers are of whoever answered first; resolutions and ratings of whoever has the ticket, else who closed it.
      </p>
    </Section>
  </>
)

const ratingOf = ({ rating: { mean } }: Summary) => (mean === null ? "–" : mean.toFixed(2))

const categoryColumns: Column<TicketFigures["byCategory"][number]>[] = [
  {
    head: "Category",
    cell: ({ id, name }) => <a href={address("/tickets/list", { category: id })}>{name}</a>,
  },
  { head: "Tickets", numeric: true, cell: ({ summary }) => summary.tickets },
  { head: "First response", numeric: true, cell: ({ summary }) => inWords(summary.firstResponse.median) },
  { head: "p90", numeric: true, cell: ({ summary }) => inWords(summary.firstResponse.p90) },
  { head: "Late", numeric: true, cell: ({ summary }) => summary.lateFirstResponses },
  { head: "Resolution", numeric: true, cell: ({ summary }) => inWords(summary.resolution.median) },
  { head: "p90 of it", numeric: true, cell: ({ summary }) => inWords(summary.resolution.p90) },
  { head: "Late resolutions", numeric: true, cell: ({ summary }) => summary.lateResolutions },
  { head: "Rating", numeric: true, cell: ({ summary }) => `${ratingOf(summary)} (${summary.rating.count})` },
]

const staffColumns: Column<TicketFigures["byStaff"][number]>[] = [
  { head: "Staff member", cell: ({ id, name }) => <a href={address("/tickets/list", { claimed: id })}>{name}</a> },
  { head: "First answers", numeric: true, cell: ({ answers }) => answers.count },
  { head: "First response", numeric: true, cell: ({ answers }) => inWords(answers.median) },
  { head: "p90", numeric: true, cell: ({ answers }) => inWords(answers.p90) },
  { head: "Late", numeric: true, cell: ({ late }) => late },
  { head: "Tickets", numeric: true, cell: ({ work }) => work.tickets },
  { head: "Resolution", numeric: true, cell: ({ work }) => inWords(work.resolution.median) },
  { head: "p90 of it", numeric: true, cell: ({ work }) => inWords(work.resolution.p90) },
  { head: "Rating", numeric: true, cell: ({ work }) => `${ratingOf(work)} (${work.rating.count})` },
]
