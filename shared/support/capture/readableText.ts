import { type APIMessage, type APIMessageSnapshotFields, MessageType } from "discord-api-types/v10"

/** What a message says, in words: also one that says it with stickers, a poll, components, or another's message. */
export function readableText(message: APIMessage): string {
  const said = [
    systemText(message) ?? message.content,
    ...componentTexts(message.components ?? []),
    ...stickers(message.sticker_items),
    ...(message.poll ? [pollText(message.poll)] : []),
    ...(message.activity ? ["(invitation to an activity)"] : []),
    ...(message.message_snapshots ?? []).map((snapshot) => forwarded(snapshot.message)),
  ]
  return said.filter((part) => part !== "").join("\n")
}

/** Messages that people wrote, in the end; the others tell what happened. */
const written: readonly MessageType[] = [
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
]

export const isSystemMessage = ({ type }: Pick<APIMessage, "type">): boolean => !written.includes(type)

/** Null for what people wrote. */
function systemText(message: APIMessage): string | null {
  if (!isSystemMessage(message)) return null
  const { type, content } = message
  const whom = message.mentions[0] ? (message.mentions[0].global_name ?? message.mentions[0].username) : "somebody"
  switch (type) {
    case MessageType.RecipientAdd:
      return `(added ${whom})`
    case MessageType.RecipientRemove:
      return `(removed ${whom})`
    case MessageType.ChannelNameChange:
      return `(renamed this to ${content})`
    case MessageType.ChannelPinnedMessage:
      return "(pinned a message)"
    case MessageType.UserJoin:
      return "(joined the server)"
    case MessageType.ThreadCreated:
      return `(started a thread: ${content})`
    case MessageType.ThreadStarterMessage:
      return "(the message that this thread was started from)"
    case MessageType.AutoModerationAction:
      return `(a message was blocked by AutoMod) ${content}`.trim()
    case MessageType.PollResult:
      return "(a poll has ended)"
    default:
      return `(${MessageType[type] ?? `message of type ${type}`}) ${content}`.trim()
  }
}

const stickers = (items: APIMessage["sticker_items"]) => (items ?? []).map(({ name }) => `(sticker: ${name})`)

function pollText(poll: NonNullable<APIMessage["poll"]>): string {
  const answers = poll.answers.map(({ poll_media: { text, emoji } }) => `- ${text ?? emoji?.name ?? ""}`)
  return [`(poll) ${poll.question.text ?? ""}`, ...answers].join("\n")
}

function forwarded(message: APIMessageSnapshotFields): string {
  const lines = [message.content, ...stickers(message.sticker_items)].join("\n").trim().split("\n")
  return ["(forwarded)", ...lines.filter((line) => line !== "").map((line) => `> ${line}`)].join("\n")
}

/** Texts of components, however deep in containers and sections. */
function componentTexts(components: unknown, depth = 0): string[] {
  if (!Array.isArray(components) || depth > 5) return []
  return components.flatMap((component: unknown) => {
    if (typeof component !== "object" || component === null) return []
    const content: unknown = Reflect.get(component, "content")
    return [
      ...(typeof content === "string" ? [content] : []),
      ...componentTexts(Reflect.get(component, "components"), depth + 1),
    ]
  })
}
