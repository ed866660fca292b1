import { type ListedJob, listJobs } from "../../../../shared/monitoring/listJobs.ts"
import { pauseJob } from "../../../../shared/monitoring/pauseJob.ts"
import { requestRun } from "../../../../shared/monitoring/requestRun.ts"
import { scheduleInWords } from "../../../../shared/monitoring/scheduleInWords.ts"
import { newPages } from "../../adminApp.ts"
import { page } from "../../components/page.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { formOf } from "../formOf.ts"
import { showDrift } from "./drift.tsx"
import { showJob } from "./job.tsx"
import { JobStateBadge } from "./jobStateBadge.tsx"
import { duration, Outcomes, secondsOf } from "./outcomes.tsx"

export const jobsPages = newPages()
  .get("/", async (c) => {
    const jobs = await listJobs(c.get("ctx"))
    return page(
      c,
      { title: "Jobs", lead: "Everything that runs on a schedule, and whether it did" },
      <Table label="Jobs" rows={jobs} columns={columns} />,
    )
  })
  .get("/stripe-sync/drift", showDrift)
  .get("/:name", showJob)
  .post("/:name/run", async (c) => {
    const name = c.req.param("name")
    const { runId } = await requestRun(c.get("ctx"), { job: name, runId: (await formOf(c)).one("runId") })
    return c.redirect(`/jobs/${name}?run=${runId}`, 303)
  })
  .post("/:name/pause", async (c) => {
    const name = c.req.param("name")
    await pauseJob(c.get("ctx"), { job: name, paused: (await formOf(c)).one("paused") === "yes" })
    return c.redirect(`/jobs/${name}`, 303)
  })

const columns: Column<ListedJob>[] = [
  {
    head: "Job",
    cell: ({ definition: { name, title, does } }) => (
      <>
        <a href={`/jobs/${name}`}>{title}</a>
        <br />
        <span class="hint">{does}</span>
      </>
    ),
  },
  { head: "State", cell: ({ state }) => <JobStateBadge state={state} /> },
  { head: "Runs", text: true, cell: ({ definition }) => scheduleInWords(definition) },
  {
    head: "Last run",
    cell: ({ runs: [last] }) =>
      last ? (
        <>
          <Time at={last.startedAt ?? last.createdAt} />
          <br />
          <span class="hint">{`took ${duration(secondsOf(last))}`}</span>
        </>
      ) : (
        "–"
      ),
  },
  { head: "Next run", cell: ({ nextAt, paused }) => (nextAt && !paused ? <Time at={nextAt} /> : "–") },
  { head: "Outcomes", cell: ({ runs }) => <Outcomes runs={runs} /> },
]
