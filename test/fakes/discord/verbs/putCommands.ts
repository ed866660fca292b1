import { ApplicationCommandType } from "discord-api-types/v10"
import { z } from "zod"
import { DiscordError, invalidForm } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import type { Command } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

const option = z.looseObject({
  type: z.int().min(1).max(11),
  name: z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u),
  description: z.string().min(1).max(100),
  required: z.boolean().optional(),
  autocomplete: z.boolean().optional(),
  choices: z
    .array(z.object({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25)
    .optional(),
  min_value: z.number().optional(),
  max_value: z.number().optional(),
  min_length: z.int().optional(),
  max_length: z.int().optional(),
  get options() {
    return z.array(option).max(25).optional()
  },
})

export const commandInput = z.object({
  id: z.string().optional(),
  type: z.literal([1, 2, 3]).optional(),
  name: z.string().min(1).max(32),
  description: z.string().max(100).optional(),
  options: z.array(option).max(25).optional(),
  default_member_permissions: z.union([z.string().regex(/^\d+$/), z.int()]).optional(),
})
export type CommandInput = z.infer<typeof commandInput>

/** The commands of the application, global or of a guild, become these; those of the same name keep their id. */
export function putCommands(world: DiscordWorld, inputs: readonly CommandInput[], guild?: string): Command[] {
  const { commands } = world.store
  inputs.forEach(check)
  const kinds = Map.groupBy(inputs, ({ type = ApplicationCommandType.ChatInput }) => type)
  if ((kinds.get(1)?.length ?? 0) > 100)
    throw new DiscordError(400, 30032, "Maximum number of application commands reached (100)")
  if ((kinds.get(2)?.length ?? 0) > 15 || (kinds.get(3)?.length ?? 0) > 15)
    throw new DiscordError(400, 30032, "Maximum number of application commands reached (15)")
  const before = [...commands.values()].filter(({ guild_id }) => guild_id === guild)
  for (const { id } of before) commands.delete(id)
  const after = inputs.map((input): Command => {
    const type = input.type ?? ApplicationCommandType.ChatInput
    const known = before.find((command) => command.name === input.name && command.type === type)
    return {
      id: known?.id ?? world.ids.next(),
      application_id: discordIdentity.applicationId,
      ...(guild && { guild_id: guild }),
      version: world.ids.next(),
      type,
      name: input.name,
      description: input.description ?? "",
      options: input.options ?? [],
      default_member_permissions:
        input.default_member_permissions === undefined ? null : String(input.default_member_permissions),
    }
  })
  for (const command of after) commands.set(command.id, command)
  world.touch()
  return after
}

function check(input: CommandInput, index: number, all: readonly CommandInput[]): void {
  const slash = (input.type ?? 1) === ApplicationCommandType.ChatInput
  const problem = (field: string, code: string, message: string) => invalidForm({ path: [index, field], code, message })
  if (slash && !/^[-_'\p{Ll}\p{Lo}\p{N}]{1,32}$/u.test(input.name))
    throw problem("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
  if (slash !== Boolean(input.description))
    throw problem("description", "BASE_TYPE_REQUIRED", slash ? "This field is required" : "Not for menu commands")
  if (all.findIndex(({ name, type = 1 }) => name === input.name && type === (input.type ?? 1)) !== index)
    throw problem("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
  const required = (input.options ?? []).map((each) => each.required ?? false)
  if (required.some((each, at) => each && required[at - 1] === false))
    throw problem("options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must come first")
}
