import { PermissionFlagsBits } from "discord-api-types/v10"
import { expect, test } from "vitest"
import { effectivePermissions, type PermissionCase } from "../../shared/vendors/discord/effectivePermissions.ts"
import { missingPermissions } from "../../shared/vendors/discord/missingPermissions.ts"
import { type PermissionName, permissionBits, permissions } from "../../shared/vendors/discord/permissions.ts"

const bits = (...names: PermissionName[]) => String(permissionBits(...names))
const everyone = { id: "1", permissions: bits("VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES") }
const bot = { id: "5", permissions: bits("MANAGE_CHANNELS", "READ_MESSAGE_HISTORY") }

/** The bot, user 9 with role 5, in the server 1. */
const at = (change: Partial<PermissionCase> = {}): PermissionCase => ({
  guild: { id: "1", owner_id: "7" },
  roles: [everyone, bot, { id: "6", permissions: bits("BAN_MEMBERS") }],
  userId: "9",
  member: { roles: ["5"] },
  now: new Date("2026-11-20T12:00:00Z"),
  ...change,
})
const overwrite = (id: string, type: 0 | 1, allow: PermissionName[], deny: PermissionName[]) => ({
  id,
  type,
  allow: bits(...allow),
  deny: bits(...deny),
})
const has = (where: PermissionCase, name: PermissionName) => missingPermissions(where, [name]).length === 0

test("the bits are Discord's", () => {
  const ours = Object.values(permissions).map(([bit]) => 1n << BigInt(bit))
  expect(new Set(ours)).toEqual(new Set(Object.values(PermissionFlagsBits)))
})

test("what everybody's role and its own roles grant is not missing, what other roles grant is", () => {
  expect(missingPermissions(at(), ["VIEW_CHANNEL", "MANAGE_CHANNELS", "READ_MESSAGE_HISTORY"])).toEqual([])
  expect(missingPermissions(at(), ["BAN_MEMBERS", "MANAGE_ROLES"])).toEqual([
    "Ban Members: none of its roles grants it",
    "Manage Roles: none of its roles grants it",
  ])
})

test("owner and administrators have everything, whatever a channel denies", () => {
  const overwrites = [overwrite("1", 0, [], ["VIEW_CHANNEL", "SEND_MESSAGES"])]
  const all = Object.keys(permissions) as PermissionName[]
  expect(missingPermissions(at({ guild: { id: "1", owner_id: "9" }, overwrites }), all)).toEqual([])
  const roles = [everyone, { id: "5", permissions: bits("ADMINISTRATOR") }]
  expect(missingPermissions(at({ roles, overwrites }), all)).toEqual([])
})

test("a channel takes away from everybody, gives back to a role, and the member's own word is the last", () => {
  const hidden = overwrite("1", 0, [], ["VIEW_CHANNEL"])
  expect(has(at({ overwrites: [hidden] }), "VIEW_CHANNEL")).toBe(false)
  const seen = overwrite("5", 0, ["VIEW_CHANNEL"], [])
  expect(has(at({ overwrites: [seen, hidden] }), "VIEW_CHANNEL")).toBe(true)
  const notTheBot = overwrite("9", 1, [], ["VIEW_CHANNEL"])
  expect(has(at({ overwrites: [notTheBot, seen, hidden] }), "VIEW_CHANNEL")).toBe(false)
})

test("of its roles one that allows outweighs one that denies", () => {
  const overwrites = [overwrite("6", 0, [], ["SEND_MESSAGES"]), overwrite("5", 0, ["SEND_MESSAGES"], [])]
  expect(has(at({ member: { roles: ["5", "6"] }, overwrites }), "SEND_MESSAGES")).toBe(true)
})

test("overwrites of roles and members that it is not do nothing", () => {
  const overwrites = [overwrite("6", 0, [], ["SEND_MESSAGES"]), overwrite("8", 1, [], ["SEND_MESSAGES"])]
  expect(has(at({ overwrites }), "SEND_MESSAGES")).toBe(true)
})

test("a channel that it does not see leaves it nothing there, and that is what it is told", () => {
  const overwrites = [overwrite("1", 0, [], ["VIEW_CHANNEL"])]
  expect(effectivePermissions(at({ overwrites }))).toBe(0n)
  expect(missingPermissions(at({ overwrites }), ["VIEW_CHANNEL", "SEND_MESSAGES", "BAN_MEMBERS"])).toEqual([
    "View Channels: the channel's permissions take it away",
    "Send Messages: it does not see the channel",
    "Ban Members: none of its roles grants it",
  ])
})

test("who may not send may not attach files either; in a thread sending is a permission of its own", () => {
  const overwrites = [overwrite("1", 0, ["SEND_MESSAGES_IN_THREADS"], ["SEND_MESSAGES"])]
  expect(has(at({ overwrites }), "ATTACH_FILES")).toBe(false)
  expect(has(at({ overwrites, inThread: true }), "ATTACH_FILES")).toBe(true)
})

test("who is timed out may see and read, until it is over", () => {
  const member = { roles: ["5"], communication_disabled_until: "2026-11-20T12:00:01Z" }
  expect(missingPermissions(at({ member }), ["VIEW_CHANNEL", "READ_MESSAGE_HISTORY"])).toEqual([])
  expect(has(at({ member }), "SEND_MESSAGES")).toBe(false)
  expect(has(at({ member, now: new Date("2026-11-20T12:00:01Z") }), "SEND_MESSAGES")).toBe(true)
})
