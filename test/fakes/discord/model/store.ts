import type { Interaction } from "../interactions/interaction.ts"
import type { Attachment, AuditEntry, Channel, Command, Member, Message, Role, User } from "./wire.ts"

export interface Guild {
  id: string
  name: string
  owner_id: string
}

export interface StoreState {
  guild: Guild
  users: User[]
  roles: Role[]
  members: Member[]
  channels: Channel[]
  messages: Message[]
  attachments: Attachment[]
  commands: Command[]
  interactions: Interaction[]
  audit: AuditEntry[]
}

/** One guild, its people and what they wrote. */
export class Store {
  guild: Guild = { id: "", name: "", owner_id: "" }
  readonly users = new Map<string, User>()
  readonly roles = new Map<string, Role>()
  /** Of the guild, by user. */
  readonly members = new Map<string, Member>()
  readonly channels = new Map<string, Channel>()
  readonly messages = new Map<string, Message>()
  readonly attachments = new Map<string, Attachment>()
  readonly commands = new Map<string, Command>()
  readonly interactions = new Map<string, Interaction>()
  readonly audit: AuditEntry[] = []
  /** Ids by channel, oldest first. */
  private readonly conversations = new Map<string, string[]>()

  isBot(userId: string): boolean {
    return this.users.get(userId)?.bot ?? false
  }

  /** Of a channel, oldest first. */
  conversation(channelId: string): Message[] {
    return (this.conversations.get(channelId) ?? []).flatMap((id) => this.messages.get(id) ?? [])
  }

  keepMessage(message: Message): void {
    this.messages.set(message.id, message)
    const ids = this.conversations.get(message.channel_id)
    if (ids) ids.push(message.id)
    else this.conversations.set(message.channel_id, [message.id])
  }

  dropMessage(message: Message): void {
    this.messages.delete(message.id)
    const ids = this.conversations.get(message.channel_id) ?? []
    this.conversations.set(
      message.channel_id,
      ids.filter((id) => id !== message.id),
    )
  }

  dropChannel(id: string): void {
    for (const message of this.conversation(id)) this.messages.delete(message.id)
    this.conversations.delete(id)
    this.channels.delete(id)
  }

  clear(): void {
    const { users, roles, members, channels, messages, attachments, commands, interactions, conversations } = this
    const maps = [users, roles, members, channels, messages, attachments, commands, interactions, conversations]
    for (const map of maps) map.clear()
    this.audit.length = 0
  }

  save(): StoreState {
    return {
      guild: this.guild,
      users: [...this.users.values()],
      roles: [...this.roles.values()],
      members: [...this.members.values()],
      channels: [...this.channels.values()],
      messages: [...this.messages.values()],
      attachments: [...this.attachments.values()],
      commands: [...this.commands.values()],
      interactions: [...this.interactions.values()].slice(-500),
      audit: this.audit.slice(-500),
    }
  }

  restore(state: StoreState): void {
    this.clear()
    this.guild = state.guild
    for (const user of state.users) this.users.set(user.id, user)
    for (const role of state.roles) this.roles.set(role.id, role)
    for (const member of state.members) this.members.set(member.user, member)
    for (const channel of state.channels) this.channels.set(channel.id, channel)
    for (const message of state.messages) this.keepMessage(message)
    for (const attachment of state.attachments) this.attachments.set(attachment.id, attachment)
    for (const command of state.commands) this.commands.set(command.id, command)
    for (const interaction of state.interactions) this.interactions.set(interaction.id, interaction)
    this.audit.push(...state.audit)
  }
}
