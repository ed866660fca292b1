import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, expect, test } from "vitest"
import { startFakes } from "../server.ts"
import { defaultIds } from "./model/defaultGuild.ts"

const folder = mkdtempSync(path.join(tmpdir(), "discord-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { users, channels } = defaultIds

test("the guild outlives a restart with its messages and files, and new ids are larger than the old", async () => {
  const stateFile = path.join(folder, "state.json")
  const first = await startFakes({ stateFile })
  const file = { name: "a.txt", contentType: "text/plain", bytes: new TextEncoder().encode("kept") }
  const said = first.discord.people.say({ as: users.ada, channel: channels.welcome, content: "Hello", files: [file] })
  first.discord.people.leave({ as: users.ben })
  first.discord.world.messageContent = false
  await first.close()

  const second = await startFakes({ stateFile })
  try {
    const { world, people } = second.discord
    expect(world.store.conversation(channels.welcome)).toEqual([said])
    expect(Buffer.from(world.cdn.bytes(said.attachments[0] ?? "") ?? []).toString()).toBe("kept")
    expect([world.store.members.has(users.ben), world.messageContent]).toEqual([false, false])
    const next = people.say({ as: users.ada, channel: channels.welcome, content: "Again" })
    expect(BigInt(next.id)).toBeGreaterThan(BigInt(said.id))
    second.reset()
    expect(world.store.conversation(channels.welcome)).toEqual([])
    expect([world.store.members.has(users.ben), world.messageContent]).toEqual([true, true])
  } finally {
    await second.close()
  }
})
