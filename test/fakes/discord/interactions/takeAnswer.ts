import { MessageFlags, MessageType } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import { DiscordError, invalidForm } from "../discordError.ts"
import { withoutNulls } from "../http/withoutNulls.ts"
import { zodProblems } from "../http/zodProblems.ts"
import { discordIdentity } from "../identity.ts"
import { changeMessage } from "../verbs/changeMessage.ts"
import { modalProblems } from "../verbs/modalProblems.ts"
import { numbered } from "../verbs/numbered.ts"
import { postMessage } from "../verbs/postMessage.ts"
import type { DiscordWorld } from "../world.ts"
import { type Answer, answer } from "./answer.ts"
import { deferredMessage } from "./deferredMessage.ts"
import type { Interaction } from "./interaction.ts"

/** Answers that fit each kind of interaction; 6 and 7 need a component, also behind a modal. */
const fitting: Record<Interaction["type"], number[]> = { 2: [4, 5, 9], 3: [4, 5, 6, 7, 9], 4: [8], 5: [4, 5, 6, 7] }

/** Does what an application answered. Throws what Discord would refuse. */
export function takeAnswer(
  world: DiscordWorld,
  interaction: Interaction,
  given: unknown,
  files: readonly FileUpload[] = [],
): void {
  interaction.answer = given
  const problems = world.validate("POST", "/interactions/1/t/callback", given)
  if (problems.length > 0) throw invalidForm(...problems)
  const parsed = answer.safeParse(withoutNulls(given))
  if (!parsed.success) throw invalidForm(...zodProblems(parsed.error))
  const { type } = parsed.data
  const component = interaction.message !== null
  if (!fitting[interaction.type].includes(type) || ((type === 6 || type === 7) && !component))
    throw new DiscordError(
      400,
      50035,
      `An interaction of type ${interaction.type} cannot be answered with type ${type}.`,
    )
  act(world, interaction, parsed.data, files)
  Object.assign(interaction, { answerType: type, outcome: "answered" })
  world.awaited.get(interaction.id)?.()
  world.touch()
}

function act(world: DiscordWorld, interaction: Interaction, given: Answer, files: readonly FileUpload[]): void {
  const { channel: channelId, user, id } = interaction
  const author = discordIdentity.botId
  switch (given.type) {
    case 1:
      return
    case 4: {
      const channel = world.channel(channelId)
      const ephemeralFor = hidden(given.data.flags) ? user : undefined
      const type = interaction.type === 2 ? MessageType.ChatInputCommand : undefined
      const posting = { channel, author, input: given.data, files, ephemeralFor, interaction: id, type }
      interaction.original = postMessage(world, posting).id
      return
    }
    case 5:
      interaction.original = deferredMessage(world, interaction, hidden(given.data?.flags)).id
      interaction.deferred = true
      return
    case 6:
      interaction.original = interaction.message
      return
    case 7:
      interaction.original = interaction.message
      changeMessage(world, world.message(channelId, interaction.message ?? ""), { input: given.data ?? {}, files })
      return
    case 8:
      interaction.choices = given.data.choices
      return
    case 9: {
      const problems = modalProblems(given.data.components)
      if (problems.length > 0) throw invalidForm(...problems)
      interaction.modal = { ...given.data, components: numbered(given.data.components) }
    }
  }
}

const hidden = (flags: number | null | undefined): boolean => ((flags ?? 0) & MessageFlags.Ephemeral) !== 0
