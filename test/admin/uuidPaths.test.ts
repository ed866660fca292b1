import { expect, test } from "vitest"
import { writeCursor } from "../../shared/crm/cursor.ts"
import { jobDefinitions } from "../../shared/monitoring/jobDefinitions.ts"
import { areas } from "../../workers/admin/areas.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const admin = useAdmin(useDatabase())
const at = "2026-11-20T12:00:00.000000Z"
const dashes = "-".repeat(36)

const routes = areas.flatMap((area) =>
  area.pages.routes
    .filter(({ method, path }) => method !== "ALL" && path.includes(":"))
    .map(({ method, path }) => ({ method, path: `${area.path}${path.replaceAll(/\{[^/]*\}(?=\/|$)/g, "")}` })),
)

test.each([dashes, "0".repeat(36)])("%s in place of an id is answered in words by every route", async (id) => {
  const session = await admin.as("owner")
  const form = { id, ticketId: id, customerId: id, messageId: id, categoryId: id, runId: id, segment: id }
  const failed: string[] = []
  for (const { method, path } of routes) {
    const target = path.replaceAll(/:\w+/g, id)
    const { status } = method === "GET" ? await session.get(target) : await session.post(target, form)
    if (status >= 500) failed.push(`${method} ${path}: ${status}`)
  }
  expect(failed).toEqual([])
})

test("an id that is none in a filter or at the end of a page is answered in words by every list", async () => {
  const session = await admin.as("owner")
  const list = encodeURIComponent(JSON.stringify([at, dashes]))
  const failed: string[] = []
  for (const path of [
    ...areas.map((area) => area.path),
    `/jobs/${jobDefinitions[0]?.name}`,
    "/tickets/search",
    "/tickets/list",
  ])
    for (const query of [
      `after=${list}&before=${list}`,
      `q=word&cursor=${writeCursor(at, dashes)}&after=${writeCursor(at, dashes)}`,
      `customer=${dashes}&segment=${dashes}&run=${dashes}&ticket=${dashes}&q=${dashes}`,
    ]) {
      const { status } = await session.get(`${path}?${query}`)
      if (status >= 500) failed.push(`${path}?${query}: ${status}`)
    }
  expect(failed).toEqual([])
})
