import { expect, test } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { answerDryRun } from "../../workers/webhooks/answerDryRun.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const env = () => ({
  ...localSecrets,
  STAGE: "local",
  RELEASE: "test",
  STRIPE_MODE: "test",
  DATABASE_URL: database.url,
  DATABASE_HTTP_ENDPOINT: database.httpEndpoint,
})
const actor = { kind: "staff", id: "s1", email: "s@staff.test", name: "S", role: "viewer" }
const rule = {
  id: "r",
  name: "R",
  changeKind: "invoice.paid",
  condition: { all: [] },
  actions: [],
  enabled: true,
  version: 1,
}
const request = { actor, requestId: "req_1", eventId: "evt_none", rule }

test("what a dry run refuses is a value with its code", async () => {
  expect(await answerDryRun(env(), request)).toEqual({
    error: { code: "not_found", message: "No event evt_none has been received." },
  })
})

test.each([
  ["nothing", null],
  ["a role that there is not", { ...request, actor: { ...actor, role: "root" } }],
  ["no member of staff", { ...request, actor: { kind: "queue", name: "events" } }],
  ["no rule", { ...request, rule: null }],
  ["an event that is no text", { ...request, eventId: 1 }],
])("a request that names %s does not fit", async (_what, misfit) => {
  expect(await answerDryRun(env(), misfit)).toMatchObject({ error: { code: "bad_request" } })
})

test("a Worker that is not set up answers so", async () => {
  expect(await answerDryRun({}, request)).toMatchObject({
    error: { code: "internal", message: expect.stringContaining("DATABASE_URL") },
  })
})
