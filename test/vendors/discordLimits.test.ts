import { expect, test } from "vitest"
import { createDiscordLimits } from "../../shared/vendors/discord/discordLimits.ts"
import { discordRoute } from "../../shared/vendors/discord/discordRoute.ts"

const start = 1_800_000_000_000
const route = (channel: string) => discordRoute("POST", `/channels/${channel}/messages`)
const told = (limit: number, remaining: number, resetAfter: number) => ({
  status: 200,
  bucket: { id: "a", limit, remaining, resetAfter },
  refusal: null,
})

/** How many requests may be made at that moment; makes them. */
function room(limits: ReturnType<typeof createDiscordLimits>, channel: string, now: number): number {
  let made = 0
  while (made < 20 && limits.freeAt(route(channel)) <= now) {
    limits.take(route(channel), now)
    made++
  }
  return made
}

test.each([
  ["GET", "/channels/123/messages/456", "GET /channels/:id/messages/:id", "123"],
  ["PATCH", "/guilds/1/members/@me", "PATCH /guilds/:id/members/@me", "1"],
  ["GET", "/users/@me", "GET /users/@me", ""],
  ["PUT", "/applications/9/guilds/8/commands", "PUT /applications/:id/guilds/:id/commands", ""],
  ["DELETE", "/webhooks/9/aW50/messages/@original", "DELETE /webhooks/:id/:token/messages/@original", "9/aW50"],
])("%s %s is counted as %s of %j", (method, path, name, major) => {
  expect(discordRoute(method, path)).toEqual({ name, major, interaction: path.startsWith("/webhooks") })
})

test("of a bucket that nothing is known of one request is made, and the others wait for what it tells", () => {
  const limits = createDiscordLimits()
  expect(room(limits, "1", start)).toBe(1)
  limits.answered(route("1"), told(5, 4, 2000), start + 100)
  expect(room(limits, "1", start + 100)).toBe(4)
  expect(room(limits, "1", start + 2100)).toBe(5)
})

test("when that tells nothing in time, they do not wait for it", () => {
  const limits = createDiscordLimits()
  expect(room(limits, "1", start)).toBe(1)
  expect(room(limits, "1", start + 999)).toBe(0)
  expect(room(limits, "1", start + 1000)).toBe(5)
})

test("a channel never asked before has the room that Discord told of another", () => {
  const limits = createDiscordLimits()
  room(limits, "1", start)
  limits.answered(route("1"), told(5, 4, 2000), start)
  expect(room(limits, "2", start)).toBe(5)
})

test("answers that overtake each other do not make room that is not there", () => {
  const limits = createDiscordLimits()
  room(limits, "1", start)
  limits.answered(route("1"), told(5, 4, 2000), start)
  room(limits, "1", start)
  limits.answered(route("1"), told(5, 1, 1990), start + 10)
  limits.answered(route("1"), told(5, 3, 1990), start + 10)
  expect(room(limits, "1", start + 10)).toBe(0)
})

test("a window that Discord has begun anew counts at once", () => {
  const limits = createDiscordLimits()
  room(limits, "1", start)
  limits.answered(route("1"), told(5, 0, 2000), start)
  limits.answered(route("1"), told(5, 4, 2000), start + 1500)
  expect(room(limits, "1", start + 1500)).toBe(4)
})

test("a route without a bucket is not held back", () => {
  const limits = createDiscordLimits()
  room(limits, "1", start)
  limits.answered(route("1"), { status: 200, bucket: null, refusal: null }, start)
  expect(limits.freeAt(route("1"))).toBe(0)
})
