import { workerNames } from "../local/localEnv.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { percentile, report } from "./report.ts"

/** Size of each Worker as deployed, and how long plain workerd takes from its start to the Worker's first answer. */
export async function bundles(): Promise<void> {
  for (const built of buildWorkers(workerNames)) {
    report(`bundle.${built.name}.compressed`, built.compressedBytes / 1024, "KB", {
      raw_kb: Math.round(built.bytes / 1024),
      bound_kb: 300,
    })
    const starts: number[] = []
    for (let run = 0; run < 5; run++) {
      const started = performance.now()
      const workerd = await startWorkerd({ workers: [built], bindings: {} })
      await fetch(`${workerd.url(built.name)}/nothing`)
      starts.push(performance.now() - started)
      await workerd.close()
    }
    report(`start.${built.name}`, percentile(starts, 0.5), "ms", { runs: starts.length })
  }
}
