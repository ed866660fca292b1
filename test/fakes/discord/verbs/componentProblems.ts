import { ButtonStyle, ComponentType } from "discord-api-types/v10"
import type { FieldProblem } from "../discordError.ts"
import { type Component, everyComponent } from "../model/component.ts"

type Path = readonly (string | number)[]

/** What Discord finds wrong with components, beyond the shape of each. */
export function componentProblems(components: readonly Component[], at: Path = ["components"]): FieldProblem[] {
  return [...components.flatMap((each, index) => problemsOf(each, [...at, index])), ...duplicates(components, at)]
}

function problemsOf(component: Component, path: Path): FieldProblem[] {
  const children = component.components ?? []
  const below = [
    ...children.flatMap((each, index) => problemsOf(each, [...path, "components", index])),
    ...(component.component ? problemsOf(component.component, [...path, "component"]) : []),
    ...(component.accessory ? problemsOf(component.accessory, [...path, "accessory"]) : []),
  ]
  if (component.type === ComponentType.Button) return buttonProblems(component, path)
  if (component.type === ComponentType.ActionRow) return [...rowProblems(children, path), ...below]
  const values = (component.options ?? []).map(({ value }) => value)
  const repeated = new Set(values).size < values.length
  return repeated
    ? [
        ...below,
        problem(
          [...path, "options"],
          "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
          "The specified option value is already used",
        ),
      ]
    : below
}

function buttonProblems(button: Component, path: Path): FieldProblem[] {
  const link = button.style === ButtonStyle.Link
  if (!button.label && !button.emoji)
    return [problem(path, "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji.")]
  if (link && !button.url) return [problem([...path, "url"], "BASE_TYPE_REQUIRED", "A url is required")]
  if (link && button.custom_id)
    return [
      problem(
        path,
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
      ),
    ]
  if (!link && button.style !== ButtonStyle.Premium && !button.custom_id)
    return [problem(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")]
  return []
}

const selects: number[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
]

/** A row holds up to five buttons, or one select. */
function rowProblems(children: Component[], path: Path): FieldProblem[] {
  const width = children.reduce((sum, { type }) => sum + (selects.includes(type) ? 5 : 1), 0)
  if (children.length === 0)
    return [problem([...path, "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")]
  return width > 5
    ? [
        problem(
          [...path, "components"],
          "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
          "The specified component exceeds the maximum width",
        ),
      ]
    : []
}

function duplicates(components: readonly Component[], at: Path): FieldProblem[] {
  const ids = everyComponent(components).flatMap(({ custom_id }) => custom_id ?? [])
  return new Set(ids).size < ids.length
    ? [problem(at, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")]
    : []
}

const problem = (path: Path, code: string, message: string): FieldProblem => ({ path, code, message })
