import { expect, test } from "vitest"
import { workerNames } from "../../scripts/local/localEnv.ts"
import { buildWorkers } from "../../scripts/workerd/buildWorkers.ts"

test.each(workerNames)("what a deploy of %s uploads stays under 300 KB compressed", (name) => {
  const [built] = buildWorkers([name])
  expect((built?.compressedBytes ?? Infinity) / 1024).toBeLessThan(300)
})
