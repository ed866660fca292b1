import { z } from "zod"

/** A component of a message or modal; which fields matter depends on its type. */
export const component = z.looseObject({
  type: z.int(),
  id: z.int().optional(),
  custom_id: z.string().min(1).max(100).optional(),
  style: z.int().optional(),
  label: z.string().max(80).optional(),
  description: z.string().optional(),
  url: z.string().optional(),
  emoji: z.looseObject({ name: z.string().optional(), id: z.string().optional() }).optional(),
  disabled: z.boolean().optional(),
  placeholder: z.string().max(150).optional(),
  content: z.string().optional(),
  value: z.string().max(4000).optional(),
  required: z.boolean().optional(),
  default: z.boolean().optional(),
  min_values: z.int().min(0).max(25).optional(),
  max_values: z.int().min(1).max(25).optional(),
  min_length: z.int().min(0).max(4000).optional(),
  max_length: z.int().min(1).max(4000).optional(),
  file_types: z.array(z.string()).optional(),
  options: z
    .array(
      z.looseObject({
        label: z.string().min(1).max(100),
        value: z.string().min(1).max(100),
        description: z.string().max(100).optional(),
        default: z.boolean().optional(),
      }),
    )
    .max(25)
    .optional(),
  get components() {
    return z.array(component).optional()
  },
  get component() {
    return component.optional()
  },
  get accessory() {
    return component.optional()
  },
})
export type Component = z.infer<typeof component>

/** A component and all below it, in the order they are shown. */
export function everyComponent(components: readonly Component[]): Component[] {
  return components.flatMap((each) => [
    each,
    ...everyComponent(each.components ?? []),
    ...everyComponent(each.component ? [each.component] : []),
    ...everyComponent(each.accessory ? [each.accessory] : []),
  ])
}
