import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import path from "node:path"
import type { DiscordWorld } from "./discord/world.ts"
import type { Mailbox } from "./resend/mailbox.ts"
import type { EventLog } from "./stripe/eventLog.ts"
import type { StripeWorld, WorldState } from "./stripe/world.ts"

const version = 3

interface State {
  version: typeof version
  world: WorldState
  log: ReturnType<EventLog["save"]>
  mailbox: ReturnType<Mailbox["save"]>
  discord: ReturnType<DiscordWorld["save"]>
}

/** Everything as it was when it was last saved; says so and begins anew when the file is of another version. */
export function restoreState(file: string, world: StripeWorld, mailbox: Mailbox, discord: DiscordWorld): void {
  if (!existsSync(file)) return
  const state: State = JSON.parse(readFileSync(file, "utf8"))
  if (state.version !== version) {
    console.warn(`${file} is of another version of the stand-ins; they begin anew.`)
    return
  }
  world.restore(state.world)
  world.log.restore(state.log)
  mailbox.restore(state.mailbox)
  discord.restore(state.discord)
}

export function saveState(file: string, world: StripeWorld, mailbox: Mailbox, discord: DiscordWorld): void {
  const state: State = {
    version,
    world: world.save(),
    log: world.log.save(),
    mailbox: mailbox.save(),
    discord: discord.save(),
  }
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}
