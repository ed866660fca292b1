import { ComponentType } from "discord-api-types/v10"
import type { Component } from "../../discord/model/component.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { channelLabel, nameOf } from "./naming.ts"

interface Option {
  value: string
  label: string
  chosen: boolean
}

/** What can be chosen from a select, radio or checkbox group. */
export function optionsOf(world: DiscordWorld, { type, options = [] }: Component): Option[] {
  const { members, roles, channels } = world.store
  const people = [...members.keys()].map((id) => ({ value: id, label: nameOf(world, id), chosen: false }))
  const groups = [...roles.values()].map(({ id, name }) => ({ value: id, label: `@${name}`, chosen: false }))
  switch (type) {
    case ComponentType.UserSelect:
      return people
    case ComponentType.RoleSelect:
      return groups
    case ComponentType.MentionableSelect:
      return [...people, ...groups]
    case ComponentType.ChannelSelect:
      return [...channels.values()].map((each) => ({ value: each.id, label: channelLabel(world, each), chosen: false }))
    default:
      return options.map(({ value, label, description, default: chosen = false }) => ({
        value,
        label: description ? `${label} · ${description}` : label,
        chosen,
      }))
  }
}
