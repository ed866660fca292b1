import type { JobRun } from "../../../../shared/monitoring/listJobs.ts"

export const secondsOf = ({ startedAt, finishedAt }: Pick<JobRun, "startedAt" | "finishedAt">): number | null =>
  startedAt && finishedAt ? Math.max(0, (finishedAt.getTime() - startedAt.getTime()) / 1000) : null

/** A time span as people say it: to the tenth of a second below ten, to the second below two minutes. */
export function duration(seconds: number | null): string {
  if (seconds === null) return "–"
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const bar = { width: 5, gap: 1, height: 24 }

/** The latest runs from left to right: how high says how long, the colour whether it succeeded. */
export function Outcomes({ runs }: { runs: JobRun[] }) {
  if (runs.length === 0) return <span class="hint">No run yet</span>
  const failed = runs.filter(({ outcome }) => outcome === "failed").length
  const longest = Math.max(...runs.map((run) => secondsOf(run) ?? 0), 0.001)
  const label = `The last ${runs.length === 1 ? "run" : `${runs.length} runs`}: ${failed === 0 ? "all succeeded" : `${failed} failed`}`
  const step = bar.width + bar.gap
  return (
    <svg
      class="outcomes"
      role="img"
      aria-label={label}
      width={runs.length * step}
      height={bar.height}
      viewBox={`0 0 ${runs.length * step} ${bar.height}`}
    >
      {runs.toReversed().map((run, index) => {
        const height = Math.max(4, Math.round(((secondsOf(run) ?? 0) / longest) * bar.height))
        return (
          <rect
            class={run.outcome === "failed" ? "failed" : "succeeded"}
            x={index * step}
            y={bar.height - height}
            width={bar.width}
            height={height}
          >
            <title>{`${run.createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC, ${duration(secondsOf(run))}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}
