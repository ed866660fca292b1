import { ComponentType } from "discord-api-types/v10"
import type { Component } from "../model/component.ts"

const chosen = { min_values: 1, max_values: 1, disabled: false }
/** What Discord fills in, by type. */
const defaults: Record<number, Partial<Component>> = {
  [ComponentType.StringSelect]: chosen,
  [ComponentType.UserSelect]: chosen,
  [ComponentType.RoleSelect]: chosen,
  [ComponentType.MentionableSelect]: chosen,
  [ComponentType.ChannelSelect]: chosen,
  [ComponentType.Separator]: { divider: true, spacing: 1 },
  [ComponentType.Container]: { accent_color: null, spoiler: false },
}

/** Components with the ids that Discord gives to those that have none: counted from 1 in the order shown. */
export function numbered(components: readonly Component[]): Component[] {
  const taken = new Set<number>()
  let last = 0
  const number = (component: Component): Component => {
    const id = component.id || free()
    taken.add(id)
    return {
      ...defaults[component.type],
      ...component,
      id,
      ...(component.components && { components: component.components.map(number) }),
      ...(component.component && { component: number(component.component) }),
      ...(component.accessory && { accessory: number(component.accessory) }),
    }
  }
  const free = (): number => {
    do last++
    while (taken.has(last))
    return last
  }
  return components.map(number)
}
