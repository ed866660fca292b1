import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const audience = "audience-of-the-staff-pages"
const keys = await generateKeyPair("RS256")
const rotated = await generateKeyPair("RS256")
const stranger = await generateKeyPair("RS256")
/** What Access publishes; the rotated key only once it is asked for anew. */
const published = [{ ...(await exportJWK(keys.publicKey)), kid: "one", alg: "RS256", use: "sig" }]
let asked = 0
let server: Server
let team = ""

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  team = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const database = useDatabase()
const vars = {
  SIGN_IN: "access",
  get ACCESS_TEAM_DOMAIN() {
    return team
  },
  ACCESS_AUDIENCE: audience,
}
const workers = useWorkers(database, ["admin"], { vars })

beforeEach(async () => {
  await database.db.execute(sql`
    insert into staff (id, email, name, role, created_at) values (gen_random_uuid(), 'ada@example.com', 'Ada', 'ops', now())
    on conflict (email) do update set disabled_at = null`)
})

const seconds = () => Math.floor(Date.now() / 1000)
const claims = (change: JWTPayload = {}): JWTPayload => ({
  iss: team,
  aud: [audience],
  sub: "person-1",
  email: "Ada@Example.com",
  type: "app",
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 600,
  ...change,
})
const signed = (payload: JWTPayload, key = keys.privateKey, kid = "one") =>
  new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(key)
const visit = (headers: Record<string, string>) => workers.fetch("admin", "/", { headers, redirect: "manual" })
const withToken = (token: string) => visit({ "cf-access-jwt-assertion": token })

test("a token that Access signed for this application lets its holder in, by their own role", async () => {
  const answer = await withToken(await signed(claims()))
  expect(answer.status).toBe(200)
  const html = await answer.text()
  expect(html).toContain("Ada")
  expect(html).toContain("<small>ops</small>")
})

test("a key that has been rotated in meanwhile is fetched", async () => {
  published.push({ ...(await exportJWK(rotated.publicKey)), kid: "two", alg: "RS256", use: "sig" })
  const before = asked
  expect((await withToken(await signed(claims(), rotated.privateKey, "two"))).status).toBe(200)
  expect(asked).toBeGreaterThan(before)
})

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

test.each<[string, () => Promise<string>]>([
  ["of another team", () => signed(claims({ iss: "https://other.cloudflareaccess.com" }))],
  ["for another application", () => signed(claims({ aud: ["another"] }))],
  ["without an audience", () => signed(claims({ aud: undefined }))],
  ["that has expired", () => signed(claims({ exp: seconds() - 60 }))],
  ["without an end", () => signed(claims({ exp: undefined }))],
  ["of the future", () => signed(claims({ nbf: seconds() + 600 }))],
  ["signed by a stranger under our key's name", () => signed(claims(), stranger.privateKey)],
  ["under a key that nobody knows", () => signed(claims(), stranger.privateKey, "nine")],
  ["signed by nobody", async () => `${encode({ alg: "none", kid: "one" })}.${encode(claims())}.`],
  [
    "signed with the public key as a shared secret",
    () =>
      new SignJWT(claims())
        .setProtectedHeader({ alg: "HS256", kid: "one" })
        .sign(new TextEncoder().encode(JSON.stringify(published[0]))),
  ],
  ["of a service, not of a person", () => signed(claims({ email: undefined, common_name: "robot" }))],
  [
    "that has been tampered with",
    async () => (await signed(claims())).replace(/\.[^.]+\./, `.${encode(claims({ email: "eve@example.com" }))}.`),
  ],
  ["that is no token", async () => "x"],
])("a token %s is refused", async (_what, make) => {
  expect((await withToken(await make())).status).toBe(401)
})

test("headers that anybody can send are no proof", async () => {
  const tried: Record<string, string>[] = [
    {},
    { "cf-access-authenticated-user-email": "ada@example.com" },
    { cookie: `CF_Authorization=${await signed(claims())}` },
    { cookie: `ops-session=${"a".repeat(64)}` },
  ]
  for (const headers of tried) expect((await visit(headers)).status).toBe(401)
})

test("who is not on the staff is refused, and who has been disabled at once", async () => {
  expect((await withToken(await signed(claims({ email: "eve@example.com" })))).status).toBe(403)
  const token = await signed(claims())
  expect((await withToken(token)).status).toBe(200)
  await database.db.execute(sql`update staff set disabled_at = now() where email = 'ada@example.com'`)
  expect((await withToken(token)).status).toBe(403)
})

test("the one-click sign-in does not exist", async () => {
  const answer = await workers.fetch("admin", "/sign-in/local", {
    method: "POST",
    headers: { origin: "http://admin", "content-type": "application/x-www-form-urlencoded" },
    body: "role=owner",
    redirect: "manual",
  })
  expect(answer.status).toBe(404)
  expect(await (await workers.fetch("admin", "/sign-in")).text()).not.toContain("Role")
})
