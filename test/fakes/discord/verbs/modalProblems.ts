import { ComponentType } from "discord-api-types/v10"
import type { FieldProblem } from "../discordError.ts"
import type { Component } from "../model/component.ts"
import { componentProblems } from "./componentProblems.ts"

const topLevel: number[] = [ComponentType.ActionRow, ComponentType.TextDisplay, ComponentType.Label]
const inputs: number[] = [
  ComponentType.StringSelect,
  ComponentType.TextInput,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
  ComponentType.FileUpload,
  ComponentType.RadioGroup,
  ComponentType.CheckboxGroup,
  ComponentType.Checkbox,
]

/** What Discord finds wrong with the components of a modal. */
export function modalProblems(components: readonly Component[]): FieldProblem[] {
  return [...components.flatMap(problemsOf), ...componentProblems(components)]
}

function problemsOf(top: Component, index: number): FieldProblem[] {
  const path = ["components", index]
  if (!topLevel.includes(top.type)) return [{ path, code: "UNION_TYPE_CHOICES", message: "Not allowed in a modal." }]
  if (top.type === ComponentType.TextDisplay) return []
  if (top.type === ComponentType.ActionRow)
    return (top.components ?? []).every(({ type, label }) => type === ComponentType.TextInput && label)
      ? []
      : [{ path, code: "UNION_TYPE_CHOICES", message: "An action row of a modal holds one text input with a label." }]
  if (!top.label || top.label.length > 45)
    return [{ path: [...path, "label"], code: "BASE_TYPE_BAD_LENGTH", message: "Must be between 1 and 45 in length." }]
  const { component } = top
  if (!component || !inputs.includes(component.type))
    return [{ path: [...path, "component"], code: "UNION_TYPE_CHOICES", message: "A label wraps one input." }]
  return component.custom_id
    ? []
    : [{ path: [...path, "component", "custom_id"], code: "BASE_TYPE_REQUIRED", message: "This field is required" }]
}
