import type { APIMessage } from "discord-api-types/v10"
import { DiscordError } from "../../shared/vendors/discord/discordError.ts"
import type { DiscordCall, DiscordRest } from "../../shared/vendors/discord/discordRest.ts"

export const people = {
  opener: "300000000000000001",
  staff: "300000000000000002",
  friend: "300000000000000003",
  bot: "300000000000000009",
}
export const staffRole = "300000000000000100"

/** Id of something made at that moment. */
export const idAt = (at: Date, extra = 0): string =>
  String((BigInt(at.getTime() - 1_420_070_400_000) << 22n) + BigInt(extra))

type Said = Partial<APIMessage> & { by?: string; at?: Date }

/** Channels of Discord as the test fills them, without a network. */
export class ScriptedDiscord implements DiscordRest {
  readonly applicationId = people.bot
  readonly channels = new Map<string, APIMessage[]>()
  readonly asked: string[] = []
  readonly roles = new Map<string, string[]>([
    [people.opener, []],
    [people.staff, [staffRole]],
    [people.friend, []],
  ])
  /** Called before and after each answer; throws to be a failure. */
  step: (when: "before" | "after", call: DiscordCall) => Promise<void> | void = () => {}
  private made: number
  readonly now: () => Date

  /** `from`: where the last digits of its ids begin. */
  constructor(now: () => Date, from: number) {
    this.now = now
    this.made = from
  }

  channel(): string {
    const id = idAt(this.now(), this.made++)
    this.channels.set(id, [])
    return id
  }

  say(channel: string, content: string, { by = people.opener, at = this.now(), ...rest }: Said = {}): APIMessage {
    const message: APIMessage = {
      id: idAt(at, this.made++),
      channel_id: channel,
      type: 0,
      content,
      author: {
        id: by,
        username: `user-${by.at(-1)}`,
        global_name: `User ${by.at(-1)}`,
        discriminator: "0",
        avatar: null,
        ...(by === people.bot && { bot: true }),
      },
      timestamp: at.toISOString().replace("Z", "000+00:00"),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      ...rest,
    }
    this.messages(channel).push(message)
    return message
  }

  edit(message: APIMessage, content: string, at = this.now()): void {
    const messages = this.messages(message.channel_id)
    const edited = { ...message, content, edited_timestamp: at.toISOString().replace("Z", "000+00:00") }
    messages[messages.findIndex(({ id }) => id === message.id)] = edited
  }

  remove({ id, channel_id: channel }: APIMessage): void {
    this.channels.set(
      channel,
      this.messages(channel).filter((message) => message.id !== id),
    )
  }

  private messages(channel: string): APIMessage[] {
    const messages = this.channels.get(channel)
    if (!messages) throw new DiscordError(`GET /channels/${channel}`, 404, { code: 10003, message: "Unknown Channel" })
    return messages
  }

  async request(call: DiscordCall): Promise<unknown> {
    this.asked.push(`${call.method} ${call.path}`)
    await this.step("before", call)
    const answer = this.answer(call)
    await this.step("after", call)
    return structuredClone(answer)
  }

  private answer({ method, path, query = {} }: DiscordCall): unknown {
    const [, resource = "", id = "", kind = "", user = ""] = path.split("/")
    if (method === "GET" && resource === "guilds" && kind === "members") {
      const roles = this.roles.get(user)
      if (!roles) throw new DiscordError(path, 404, { code: 10007, message: "Unknown Member" })
      return { user: { id: user }, roles }
    }
    if (method !== "GET" || kind !== "messages") throw new Error(`Not scripted: ${method} ${path}`)
    const all = this.messages(id).toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
    const limit = Number(query.limit ?? 50)
    if (query.after !== undefined)
      return all
        .filter((each) => BigInt(each.id) > BigInt(String(query.after)))
        .slice(0, limit)
        .toReversed()
    const older = all.filter((each) => query.before === undefined || BigInt(each.id) < BigInt(String(query.before)))
    return older.slice(-limit).toReversed()
  }
}
