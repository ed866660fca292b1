import { ComponentType } from "discord-api-types/v10"
import type { Component } from "../model/component.ts"
import type { DiscordWorld } from "../world.ts"

/** What is wrong with the values that a person chose, in words. */
export function choiceProblem(world: DiscordWorld, component: Component, values: readonly string[]): string | null {
  const known = isKnown(world, component)
  if (!known) return "Nothing can be chosen there."
  const strange = values.find((value) => !known(value))
  if (strange !== undefined) return `"${strange}" is not among the choices.`
  const { min_values: least = component.required === false ? 0 : 1, max_values: most = 1 } = component
  const none = values.length === 0 && component.required === false
  return none || (values.length >= least && values.length <= most)
    ? null
    : `Between ${least} and ${most} are to be chosen, not ${values.length}.`
}

function isKnown(world: DiscordWorld, component: Component): ((value: string) => boolean) | null {
  const { users, roles, channels } = world.store
  switch (component.type) {
    case ComponentType.StringSelect:
    case ComponentType.RadioGroup:
    case ComponentType.CheckboxGroup:
      return (value) => (component.options ?? []).some((option) => option.value === value)
    case ComponentType.UserSelect:
      return (value) => users.has(value)
    case ComponentType.RoleSelect:
      return (value) => roles.has(value)
    case ComponentType.MentionableSelect:
      return (value) => users.has(value) || roles.has(value)
    case ComponentType.ChannelSelect:
      return (value) => channels.has(value)
    default:
      return null
  }
}
