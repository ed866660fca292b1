import { ComponentType, MessageFlags } from "discord-api-types/v10"
import { emptyMessage, type FieldProblem, invalidForm } from "../discordError.ts"
import { type Component, everyComponent } from "../model/component.ts"
import type { Message } from "../model/wire.ts"
import { componentProblems } from "./componentProblems.ts"
import type { Embed } from "./messageInput.ts"

type Parts = Pick<Message, "content" | "flags" | "components" | "embeds"> & { attachments: number }

/** Throws where Discord would not take a message made of these parts. */
export function checkMessage(parts: Parts): void {
  const problems = (parts.flags & MessageFlags.IsComponentsV2) === 0 ? plainProblems(parts) : layoutProblems(parts)
  if (problems.length > 0) throw invalidForm(...problems)
  const { content, embeds, components, attachments } = parts
  if (content.trim() === "" && embeds.length + components.length + attachments === 0) throw emptyMessage()
}

function plainProblems({ components, embeds }: Parts): FieldProblem[] {
  const rows = components.flatMap(({ type }, index) =>
    type === ComponentType.ActionRow
      ? []
      : [
          {
            path: ["components", index, "type"],
            code: "UNION_TYPE_CHOICES",
            message: "Value of field \"type\" must be one of ('1',).",
          },
        ],
  )
  const many = components.length > 5 ? [tooLong(["components"], "Must be 5 or fewer in length.")] : []
  const length = embeds.reduce((sum, embed) => sum + textLength(embed), 0)
  const long =
    length > 6000
      ? [{ path: ["embeds"], code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds maximum size of 6000" }]
      : []
  return [...rows, ...many, ...long, ...componentProblems(components)]
}

/** Of a message in Components V2, which is made of components alone. */
function layoutProblems({ content, embeds, components }: Parts): FieldProblem[] {
  const excluded = (field: string) => ({
    path: [field],
    code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
  })
  const all = everyComponent(components)
  const text = all.reduce((sum, each) => sum + (each.type === ComponentType.TextDisplay ? lengthOf(each) : 0), 0)
  return [
    ...(content === "" ? [] : [excluded("content")]),
    ...(embeds.length === 0 ? [] : [excluded("embeds")]),
    ...(all.length > 40 ? [tooLong(["components"], "Must be 40 or fewer in length.")] : []),
    ...(text > 4000 ? [tooLong(["components"], "The text of all components must be 4000 or fewer in length.")] : []),
    ...componentProblems(components),
  ]
}

const lengthOf = ({ content = "" }: Component): number => content.length

const tooLong = (path: string[], message: string): FieldProblem => ({ path, code: "BASE_TYPE_BAD_LENGTH", message })

const textLength = ({ title = "", description = "", footer, author, fields = [] }: Embed): number =>
  [title, description, footer?.text ?? "", author?.name ?? "", ...fields.flatMap(({ name, value }) => [name, value])]
    .map((text) => text.length)
    .reduce((sum, length) => sum + length, 0)
