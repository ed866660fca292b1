import { type JobRun, jobDetail, type ListedJob } from "../../../../shared/monitoring/listJobs.ts"
import { scheduleInWords } from "../../../../shared/monitoring/scheduleInWords.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button, LinkButton } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { JobStateBadge } from "./jobStateBadge.tsx"
import { duration, Outcomes, secondsOf } from "./outcomes.tsx"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export async function showJob(c: AdminRequest) {
  const ctx = c.get("ctx")
  const name = c.req.param("name") ?? ""
  const wanted = c.req.query("run") ?? ""
  const after = c.req.query("after")
  const found = await jobDetail(ctx, { job: name, runId: uuid.test(wanted) ? wanted : undefined, after })
  const { job, asked, history, next } = found
  const { definition, paused, nextAt } = job
  const here = `/jobs/${name}`
  return page(
    c,
    {
      title: definition.title,
      lead: definition.does,
      trail: [{ label: "Jobs", href: "/jobs" }],
      actions: isPermitted(ctx.actor, "jobs:run") && (
        <>
          <form method="post" action={`${here}/run`}>
            <input type="hidden" name="runId" value={crypto.randomUUID()} />
            <Button kind="primary">Run now</Button>
          </form>
          <form method="post" action={`${here}/pause`}>
            <input type="hidden" name="paused" value={paused ? "no" : "yes"} />
            <Button>{paused ? "Resume" : "Pause"}</Button>
          </form>
        </>
      ),
    },
    // Shown again every two seconds while a run is under way, so that its answer is in the page.
    <div
      id="job"
      {...(job.running && {
        "hx-get": asked ? address(here, { run: asked.id }) : here,
        "hx-trigger": "load delay:2s",
        "hx-select": "#job",
        "hx-swap": "outerHTML",
      })}
    >
      {asked && <Answer run={asked} here={here} />}
      <Section title="About">
        <Facts
          facts={[
            ["State", <JobStateBadge state={job.state} />],
            ["Runs", scheduleInWords(definition)],
            ["Next run", nextAt && !paused ? <Time at={nextAt} /> : paused ? "paused" : "not planned yet"],
            ["Healthy", definition.healthy],
            ["Late after", `its time; down ${definition.graceMinutes} minutes later`],
            ["May take", `${definition.maximumMinutes} minutes`],
            ["Looked after by", definition.owner],
            ["Outcomes", <Outcomes runs={job.runs} />],
          ]}
        />
      </Section>
      {name === "stripe-sync" && (
        <p>
          <a href="/jobs/stripe-sync/drift">What differed from Stripe, run by run</a>
        </p>
      )}
      {job.running && !asked && <Running job={job} />}
      <h2>History</h2>
      <Table label="Runs" rows={history} columns={columns} />
      <Pager shown={history.length} first={after ? here : null} next={next ? address(here, { after: next }) : null} />
    </div>,
  )
}

const Running = ({ job }: { job: ListedJob }) => (
  <Notice tone="neutral">
    A run is under way{job.running ? countsInWords(job.running) && `: ${countsInWords(job.running)}` : ""}.
  </Notice>
)

/** What came of the run that was just asked for. */
function Answer({ run, here }: { run: JobRun; here: string }) {
  const counts = countsInWords(run)
  if (run.finishedAt === null)
    return (
      <Notice tone="neutral">
        {run.startedAt ? "It runs" : "It waits to be taken up"}
        {counts && `: ${counts}`}. <LinkButton href={address(here, { run: run.id })}>Look again</LinkButton>
      </Notice>
    )
  const took = duration(secondsOf(run))
  return run.outcome === "failed" ? (
    <Notice tone="bad">{`It failed after ${took}: ${run.error ?? "no reason was given"}`}</Notice>
  ) : (
    <Notice tone="good">{`Done in ${took}${counts ? `: ${counts}` : ""}.`}</Notice>
  )
}

/** `emailsSent: 3` as "emails sent 3", without what there was none of. */
const countsInWords = ({ counts }: JobRun): string =>
  Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name.replaceAll(/([A-Z])/g, " $1").toLowerCase()} ${count.toLocaleString("en")}`)
    .join(", ")

const triggers: Record<JobRun["trigger"], string> = { cron: "schedule", "catch-up": "made up for", staff: "staff" }

const columns: Column<JobRun>[] = [
  { head: "Started", cell: ({ startedAt, createdAt }) => <Time at={startedAt ?? createdAt} /> },
  {
    head: "Outcome",
    cell: ({ outcome }) => (
      <Badge tone={outcome === "failed" ? "bad" : outcome ? "good" : "info"}>{outcome ?? "running"}</Badge>
    ),
  },
  { head: "By", text: true, cell: ({ trigger, requestedBy }) => requestedBy ?? triggers[trigger] },
  { head: "Took", numeric: true, cell: (run) => duration(secondsOf(run)) },
  { head: "Counts", text: true, cell: countsInWords },
  { head: "Error", text: true, cell: ({ error }) => error ?? "" },
]
