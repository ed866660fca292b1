import type { Component } from "../model/component.ts"

/** Components with the ids that Discord gives to those that have none: counted from 1 in the order shown. */
export function numbered(components: readonly Component[]): Component[] {
  const taken = new Set<number>()
  let last = 0
  const number = (component: Component): Component => {
    const id = component.id || free()
    taken.add(id)
    return {
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
