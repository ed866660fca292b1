import { spawn } from "node:child_process"
import path from "node:path"
import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { portsFrom } from "../../scripts/local/localEnv.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { commands } from "../../shared/support/setup/commands.ts"
import { permissionBits } from "../../shared/vendors/discord/permissions.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db, url } = useDatabase()
const stand = useFakes({ discord: { rateLimits: false } })
const { channels, roles } = defaultIds

beforeEach(async () => {
  await emptyDatabase(db)
  await seedSupport(testContext({ db, vendors: {} }))
})

/** The command as somebody types it, its stand-ins on the ports that `npm start -- --port` would give them. */
async function setup(args: string[] = [], environment: Record<string, string> = {}) {
  const first = Number(new URL(stand.fakes.url).port) - portsFrom(0).fakes
  const {
    DISCORD_BOT_TOKEN: _token,
    DISCORD_APPLICATION_ID: _application,
    DISCORD_GUILD_ID: _guild,
    ...own
  } = process.env
  const child = spawn("npm", ["run", "--silent", "discord:setup", "--", "--port", String(first), ...args], {
    cwd: path.join(import.meta.dirname, "../.."),
    env: { ...own, DATABASE_URL: url, ...environment },
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)))
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve))
  return { code, lines: said.split("\n").filter((line) => line !== "") }
}
const panel = (channel: string) => stand.fakes.discord.world.store.conversation(channel)

test("sets Discord up, says what is there, and changes nothing when it is run again", { timeout: 60_000 }, async () => {
  const { code, lines } = await setup()
  expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([])
  expect(lines.at(-1)).toBe("ok       The button is in #support.")
  expect(code).toBe(0)
  expect(panel(channels.support)).toHaveLength(1)
  expect(stand.fakes.discord.world.store.commands.size).toBe(commands.length)
  expect(await setup()).toEqual({ code: 0, lines })
  expect(panel(channels.support)).toHaveLength(1)
  const kept = await db.execute<{ value: object }>(sql`select value from settings where name = 'discordSetup'`)
  expect(kept.rows[0]?.value).toMatchObject({ problems: [] })
})

test("says what is missing, and ends so that a script notices", { timeout: 60_000 }, async () => {
  const { people } = stand.fakes.discord
  people.setRolePermission({ role: roles.bot, bit: permissionBits("MANAGE_THREADS"), on: false })
  const { code, lines } = await setup()
  expect(lines.filter((line) => line.startsWith("missing  "))).toEqual([expect.stringContaining("Manage Threads")])
  expect(code).toBe(1)
})

test("puts the panel where it is told to, and says where there is no such channel", { timeout: 60_000 }, async () => {
  expect((await setup(["--panel", channels.welcome])).lines.at(-1)).toContain("The button is in #")
  expect(panel(channels.welcome).filter(({ components }) => components.length > 0)).toHaveLength(1)
  const { code, lines } = await setup(["--panel", "1000"])
  expect(lines.filter((line) => line.startsWith("missing  "))).toEqual([expect.stringContaining("no channel 1000")])
  expect(code).toBe(1)
  expect(panel(channels.support)).toHaveLength(0)
})

test("names a database that does not answer and words that it does not know", { timeout: 60_000 }, async () => {
  const dead = await setup([], { DATABASE_URL: "postgres://u:secret@127.0.0.1:1/ops" })
  expect(dead).toEqual({ code: 1, lines: [expect.stringContaining("127.0.0.1:1")] })
  expect(dead.lines.join()).not.toContain("secret")
  const unknown = await setup(["--channel", "1"])
  expect([unknown.code, unknown.lines[0]]).toEqual([2, expect.stringContaining("--channel")])
  expect(await setup(["--port", "x"])).toMatchObject({ code: 2 })
})
