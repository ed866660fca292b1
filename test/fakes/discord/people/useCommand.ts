import { ApplicationCommandType, PermissionFlagsBits } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import type { Choice, Interaction } from "../interactions/interaction.ts"
import { resolved } from "../interactions/payload.ts"
import { sendInteraction } from "../interactions/sendInteraction.ts"
import { guildPermissions } from "../model/permissions.ts"
import type { Command } from "../model/wire.ts"
import { showAttachment, showMessage } from "../present/showMessage.ts"
import { keepFiles } from "../verbs/keepFiles.ts"
import { may, permit } from "../verbs/permit.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"
import { type Given, nestedOptions, readPath } from "./commandOptions.ts"
import { usable } from "./seen.ts"

interface Use {
  as: string
  channel: string
  /** With subcommands after it: `ticket close`. */
  name: string
  options?: Given
}

/** A person runs a slash command. */
export async function useCommand(
  world: DiscordWorld,
  input: Use & { files?: Record<string, FileUpload> },
): Promise<Interaction> {
  const { as, name, options = {}, files = {} } = input
  const channel = world.channel(input.channel)
  const path = readPath(name)
  const command = findCommand(world, as, input.channel, path[0] ?? "", ApplicationCommandType.ChatInput)
  const uploads = Object.entries(files).map(([option, file]) => ({
    option,
    ids: keepFiles(world, { channel, files: [file], ephemeral: true }),
  }))
  const attached = Object.fromEntries(uploads.map(({ option, ids }) => [option, ids[0] ?? ""]))
  const read = nestedOptions(command, path.slice(1), { ...options, ...attached })
  const attachments = uploads.flatMap(({ ids }) => ids.flatMap((id) => world.store.attachments.get(id) ?? []))
  const named = {
    ...resolved(world, read.named),
    ...(attachments.length > 0 && {
      attachments: Object.fromEntries(attachments.map((each) => [each.id, showAttachment(world.cdn)(each)])),
    }),
  }
  return sendInteraction(world, {
    type: 2,
    user: as,
    channel,
    data: { ...reference(command), options: read.options, ...(Object.keys(named).length > 0 && { resolved: named }) },
    label: `/${path.join(" ")}`,
  })
}

/** The choices offered while a person types into an option. */
export async function autocomplete(
  world: DiscordWorld,
  input: Use & { focused: string },
): Promise<{ choices: Choice[]; interaction: Interaction }> {
  const path = readPath(input.name)
  const command = findCommand(world, input.as, input.channel, path[0] ?? "", ApplicationCommandType.ChatInput)
  const { options } = nestedOptions(command, path.slice(1), input.options ?? {}, input.focused)
  const interaction = await sendInteraction(world, {
    type: 4,
    user: input.as,
    channel: world.channel(input.channel),
    data: { ...reference(command), options },
    label: `/${input.name} ... ${input.focused}`,
  })
  return { choices: interaction.choices ?? [], interaction }
}

/** A person uses a command from the menu of a member (`user`) or of a message. */
export async function useMenuCommand(
  world: DiscordWorld,
  input: { as: string; channel: string; name: string; target: string },
): Promise<Interaction> {
  const { as, name, target } = input
  const onMessage = world.store.messages.has(target)
  const type = onMessage ? ApplicationCommandType.Message : ApplicationCommandType.User
  const command = findCommand(world, as, input.channel, name, type)
  const named = onMessage
    ? {
        messages: {
          [target]: showMessage(world, usable(world, { ...input, message: target }).message, { whole: true }),
        },
      }
    : resolved(world, [world.user(target).id])
  return sendInteraction(world, {
    type: 2,
    user: as,
    channel: world.channel(input.channel),
    data: { ...reference(command), target_id: target, resolved: named },
    label: `${name} (on a ${onMessage ? "message" : "member"})`,
  })
}

/** Commands that a person is offered. */
export const offeredCommands = (world: DiscordWorld, as: string): Command[] =>
  [...world.store.commands.values()].filter(({ default_member_permissions: needed }) => {
    const permissions = guildPermissions(world.store, as)
    return needed === null || (permissions & BigInt(needed)) === BigInt(needed)
  })

function findCommand(world: DiscordWorld, as: string, channelId: string, name: string, type: number): Command {
  const channel = world.channel(channelId)
  permit(world, as, channel)
  if (channel.guild !== null && !may(world, as, channel, PermissionFlagsBits.UseApplicationCommands))
    throw cannot("They may not use commands here.")
  const command = offeredCommands(world, as).find((each) => each.name === name && each.type === type)
  if (!command) throw cannot(`They are offered no command "${name}".`)
  return command
}

const reference = ({ id, name, type, guild_id }: Command) => ({ id, name, type, ...(guild_id && { guild_id }) })
