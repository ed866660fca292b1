import { expect, test } from "vitest"
import { type Permission, permissionsOf, roles } from "../../shared/staff/roles.ts"
import { areas } from "../../workers/admin/areas.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const admin = useAdmin(useDatabase())

/** What every route that is not a GET of its area's own permission takes. A new one fails until it stands here. */
const needed: Record<string, Permission> = {
  "GET /customers/export.csv": "customers:export",
  "GET /customers/bulk": "customers:bulk",
  "POST /customers/bulk": "customers:bulk",
  "POST /customers/segments/new": "segments:write",
  "POST /customers/segments/:id": "segments:write",
  "POST /customers/segments/:id/delete": "segments:write",
  "GET /customers/import": "customers:import",
  "POST /customers/import": "customers:import",
  "GET /customers/import/:id": "customers:import",
  "POST /customers/import/:id/apply": "customers:import",
  "POST /customers/import/:id/discard": "customers:import",
  "GET /customers/:id/erase": "customers:erase",
  "POST /customers/:id/erase": "customers:erase",
  "GET /customers/:id/merge": "customers:merge",
  "POST /customers/:id/merge": "customers:merge",
  "POST /customers/:id/tags": "customers:write",
  "POST /customers/:id/tags/remove": "customers:write",
  "POST /customers/:id/notes": "customers:write",
  "POST /customers/:id/enrolments/stop": "customers:write",
  "POST /customers/:id/mails/skip": "outbox:write",
  "POST /notices": "customers:write",
  "POST /jobs/:name/run": "jobs:run",
  "POST /jobs/:name/pause": "jobs:run",
  "POST /automations/:kind/:id/enabled": "automations:write",
  "POST /automations/rules/:id": "automations:write",
  "POST /automations/sequences/:id": "automations:write",
  "POST /outbox/:id/retry": "outbox:write",
  "POST /outbox/:id/cancel": "outbox:write",
  "GET /events/replay-failed/:source": "events:replay",
  "POST /events/replay-failed/:source": "events:replay",
  "POST /events/:source/:id/replay": "events:replay",
  "POST /templates/:id": "templates:write",
  "POST /templates/:id/test": "templates:write",
  "POST /templates/:id/preview": "templates:read",
  "POST /settings/:name": "settings:write",
  "GET /settings/api-keys": "apiKeys:read",
  "POST /settings/api-keys": "apiKeys:write",
  "POST /settings/api-keys/:id/revoke": "apiKeys:write",
  "POST /tickets/categories/:id": "tickets:manage",
  "POST /tickets/replies/:id": "tickets:manage",
  "POST /tickets/replies/:id/delete": "tickets:manage",
  "POST /tickets/blocks": "tickets:manage",
  "POST /tickets/blocks/remove": "tickets:manage",
  "POST /tickets/settings/support": "settings:write",
  "POST /tickets/settings/hours": "settings:write",
  "POST /tickets/setup": "tickets:manage",
  "POST /tickets/setup/panel": "tickets:manage",
  "POST /tickets/mails/:id/open": "tickets:write",
  "POST /tickets/left/:id/retry": "tickets:write",
  "POST /tickets/left/:id/open": "tickets:write",
  "POST /tickets/left/:id/aside": "tickets:write",
  "POST /tickets/:id/messages": "tickets:write",
  "POST /tickets/:id/messages/:message/retry": "tickets:write",
  "POST /tickets/:id/messages/:message/discard": "tickets:write",
  "POST /tickets/:id/canned": "tickets:write",
  "POST /tickets/:id/claim": "tickets:write",
  "POST /tickets/:id/release": "tickets:write",
  "POST /tickets/:id/transfer": "tickets:write",
  "POST /tickets/:id/priority": "tickets:write",
  "POST /tickets/:id/category": "tickets:write",
  "POST /tickets/:id/close": "tickets:write",
  "POST /tickets/:id/ask-close": "tickets:write",
  "POST /tickets/:id/transcript-link": "tickets:write",
  "POST /tickets/:id/merge": "tickets:write",
  "POST /tickets/:id/reopen": "tickets:write",
  "POST /tickets/:id/retry": "tickets:write",
  "POST /tickets/:id/files": "tickets:write",
  "POST /staff": "staff:write",
  "POST /staff/:id": "staff:write",
  "POST /staff/:id/sign-out": "staff:write",
  "POST /staff/:id/discord": "staff:write",
  "POST /staff/:id/reset": "staff:write",
  "POST /staff/:id/sessions/:hash/end": "staff:write",
}

const id = "00000000-0000-4000-8000-000000000000"
const values: Record<string, string> = {
  ":hash": "0".repeat(64),
  ":id": id,
  ":file": id,
  ":message": id,
  ":kind": "rules",
  ":source": "stripe",
  ":name": "brand",
}

const routes = areas.flatMap((area) =>
  [
    ...new Set(area.pages.routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{[^/]*\}(?=\/|$)/g, "")}`)),
  ].map((route) => {
    const [method = "", path = ""] = route.split(" ")
    const full = `${area.path}${path}`.replaceAll(/\/+/g, "/").replace(/(.)\/$/, "$1")
    const name = `${method} ${full}`
    return {
      name,
      method,
      path: full.replaceAll(/:\w+/g, (parameter) => values[parameter] ?? parameter),
      permission: needed[name] ?? (method === "GET" ? area.permission : undefined),
    }
  }),
)

test("every route says what it takes, and nothing is said of a route that is gone", () => {
  expect(routes.filter(({ permission }) => !permission).map(({ name }) => name)).toEqual([])
  const names = new Set(routes.map(({ name }) => name))
  expect(Object.keys(needed).filter((name) => !names.has(name))).toEqual([])
})

for (const role of roles) {
  test(`${role} gets where the role may, and is refused everywhere else`, async () => {
    const session = await admin.as(role)
    const wrong: string[] = []
    for (const { name, method, path, permission } of routes) {
      const { status } = method === "GET" ? await session.get(path) : await session.post(path)
      const may = permission !== undefined && permissionsOf(role).has(permission)
      if (status >= 500 || (status === 403) === may) wrong.push(`${name}: ${status}, may: ${may}`)
    }
    expect(wrong).toEqual([])
  })
}

test("who is not signed in is sent to the sign-in page by every route", async () => {
  for (const { method, path } of routes) {
    const answer = await admin.workers.fetch("admin", path, {
      method,
      headers: { origin: "http://admin", "sec-fetch-site": "same-origin" },
      redirect: "manual",
    })
    expect([path, answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([path, 303, "/sign-in"])
  }
})
