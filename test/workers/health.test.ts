import { expect, test } from "vitest"
import { workerNames } from "../../scripts/local/localEnv.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const workers = useWorkers(useDatabase(), [...workerNames])

test.each(workerNames)("%s answers /health with its name, release and whether the database answers", async (name) => {
  const response = await workers.fetch(name, "/health")
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    ok: true,
    worker: name,
    release: "local",
    stage: "local",
    database: "answers",
  })
})
