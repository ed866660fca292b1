import type { Faults } from "../faults/faults.ts"
import type { Deliver } from "../webhooks/deliver.ts"
import { Cdn } from "./cdn.ts"
import { type FieldProblem, unknown } from "./discordError.ts"
import { OpenApi } from "./http/openApi.ts"
import type { EndpointCheck } from "./interactions/checkEndpoint.ts"
import type { Interaction } from "./interactions/interaction.ts"
import { stockGuild } from "./model/defaultGuild.ts"
import { channelPermissions } from "./model/permissions.ts"
import { Store } from "./model/store.ts"
import type { Channel, Member, Message, User } from "./model/wire.ts"
import type { Viewer } from "./present/showMessage.ts"
import { Snowflakes } from "./snowflakes.ts"

export interface DiscordWorldOptions {
  now: () => Date
  faults: Faults
  /** Posts interactions; none: there is nowhere to send them. */
  deliver: Deliver | null
  cdnUrl: () => string
  /** How long Discord waits for an answer; 3 s when left out. */
  answerWithinMs?: number | undefined
  /** Discord's published document; the one beside the project when left out. */
  openApiFile?: string | undefined
}

/**
 * Discord as far as an application without a gateway meets it: one guild, what people do in it, and the interactions that
 * come of it. Runs on the wall's clock, because signatures are stamped with it.
 */
export class DiscordWorld implements Viewer {
  readonly store = new Store()
  readonly ids: Snowflakes
  readonly cdn: Cdn
  readonly faults: Faults
  readonly answerWithinMs: number
  readonly now: () => Date
  /** Where interactions go from now on. */
  deliverer: Deliver | null
  /** The privileged intents, as switched on in the developer portal. */
  messageContent = true
  guildMembers = true
  /** Interactions whose answer is still to come, late ones included. */
  readonly underway = new Set<Promise<unknown>>()
  /** Told when an interaction is answered by the callback, by its id. */
  readonly awaited = new Map<string, () => void>()
  /** What the endpoint did when it was last pinged. */
  checks: EndpointCheck[] = []
  /** Grows with every change. */
  changes = 0
  private readonly deliverAtFirst: Deliver | null
  private document: OpenApi | undefined
  private readonly openApiFile: string | undefined

  constructor(options: DiscordWorldOptions) {
    this.now = options.now
    this.faults = options.faults
    this.deliverer = options.deliver
    this.deliverAtFirst = options.deliver
    this.answerWithinMs = options.answerWithinMs ?? 3000
    this.openApiFile = options.openApiFile
    this.ids = new Snowflakes(options.now)
    this.cdn = new Cdn(options.cdnUrl, options.now)
    stockGuild(this.store)
  }

  /** Discord's published document; read when first asked. */
  get openApi(): OpenApi {
    this.document ??= new OpenApi(this.openApiFile)
    return this.document
  }

  validate(method: string, path: string, body: unknown): FieldProblem[] {
    return this.openApi.bodyProblems(method, path, body)
  }

  /** The present moment as Discord writes it. */
  stamp(): string {
    return this.now().toISOString().replace("Z", "000+00:00")
  }

  touch(): void {
    this.changes++
  }

  channel(id: string): Channel {
    const channel = this.store.channels.get(id)
    if (!channel) throw unknown.channel()
    return channel
  }

  user(id: string): User {
    const user = this.store.users.get(id)
    if (!user) throw unknown.user()
    return user
  }

  member(id: string): Member {
    const member = this.store.members.get(id)
    if (!member) throw unknown.member()
    return member
  }

  message(channelId: string, id: string): Message {
    const message = this.store.messages.get(id)
    if (!message || message.channel_id !== channelId) throw unknown.message()
    return message
  }

  permissions(userId: string, channel: Channel): bigint {
    return channelPermissions(this.store, userId, channel)
  }

  interaction(id: string): Interaction {
    const interaction = this.store.interactions.get(id)
    if (!interaction) throw unknown.interaction()
    return interaction
  }

  /** Until every interaction has its answer. */
  async settled(): Promise<void> {
    while (this.underway.size > 0) await Promise.all(this.underway)
  }

  reset(): void {
    this.store.clear()
    this.ids.clear()
    this.cdn.clear()
    this.messageContent = true
    this.guildMembers = true
    this.checks = []
    this.deliverer = this.deliverAtFirst
    stockGuild(this.store)
    this.touch()
  }

  save() {
    const { messageContent, guildMembers } = this
    return { store: this.store.save(), cdn: this.cdn.save(), last: this.ids.save(), messageContent, guildMembers }
  }

  restore(state: ReturnType<DiscordWorld["save"]>): void {
    this.store.restore(state.store)
    this.cdn.restore(state.cdn)
    this.ids.after(state.last)
    this.messageContent = state.messageContent
    this.guildMembers = state.guildMembers
  }
}
