import { ButtonStyle, ComponentType } from "discord-api-types/v10"
import type { Interaction } from "../interactions/interaction.ts"
import { resolved } from "../interactions/payload.ts"
import { sendInteraction } from "../interactions/sendInteraction.ts"
import { type Component, everyComponent } from "../model/component.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"
import { choiceProblem } from "./choiceProblem.ts"
import { usable } from "./seen.ts"

interface Use {
  as: string
  channel: string
  message: string
  customId: string
}

/** A person presses a button. */
export async function press(world: DiscordWorld, input: Use): Promise<Interaction> {
  const { channel, message, component } = find(world, input)
  if (component.type !== ComponentType.Button || component.style === ButtonStyle.Link)
    throw cannot("That is no button.")
  return sendInteraction(world, {
    type: 3,
    user: input.as,
    channel,
    message,
    data: { custom_id: input.customId, component_type: component.type, id: component.id },
    label: `Pressed "${component.label ?? component.emoji?.name ?? input.customId}"`,
  })
}

/** A person chooses from a select menu. */
export async function choose(world: DiscordWorld, input: Use & { values: string[] }): Promise<Interaction> {
  const { channel, message, component } = find(world, input)
  const problem = choiceProblem(world, component, input.values)
  if (problem) throw cannot(problem)
  const people = component.type === ComponentType.StringSelect ? {} : { resolved: resolved(world, input.values) }
  return sendInteraction(world, {
    type: 3,
    user: input.as,
    channel,
    message,
    data: {
      custom_id: input.customId,
      component_type: component.type,
      id: component.id,
      values: input.values,
      ...people,
    },
    label: `Chose ${input.values.join(", ")}`,
  })
}

function find(world: DiscordWorld, input: Use) {
  const { channel, message } = usable(world, input)
  const component: Component | undefined = everyComponent(message.components).find(
    ({ custom_id }) => custom_id === input.customId,
  )
  if (!component) throw cannot(`The message has no "${input.customId}".`)
  if (component.disabled) throw cannot("It is disabled.")
  return { channel, message, component }
}
