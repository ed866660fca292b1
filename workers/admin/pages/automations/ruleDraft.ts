import { type Rule, ruleSchema } from "../../../../shared/automation/ruleSchema.ts"
import { changeKinds } from "../../../../shared/billing/change.ts"
import { AppError } from "../../../../shared/errors.ts"
import { idFromName, seenVersionOf } from "../formOf.ts"
import { type ActionRow, actionRow, actionsOf, blankAction, readActions } from "./actionForm.ts"
import { conditionOf, emptyTree, type Tree, treeOf } from "./conditionTree.ts"
import type { Edit } from "./editButton.tsx"
import { editList } from "./editList.ts"
import { editTree } from "./editTree.ts"
import { type Form, readTree } from "./readTree.ts"

/** A rule as its form shows it. */
export interface RuleDraft {
  id: string
  /** Of the version that the form was filled with; 0 for a new one. */
  seenVersion: number
  name: string
  changeKind: string
  enabled: boolean
  condition: Tree
  actions: ActionRow[]
}

export const emptyRule: RuleDraft = {
  id: "",
  seenVersion: 0,
  name: "",
  changeKind: "",
  enabled: true,
  condition: emptyTree,
  actions: [blankAction],
}

export const draftOfRule = ({ id, version, name, changeKind, enabled, condition, actions }: Rule): RuleDraft => ({
  id,
  seenVersion: version,
  name,
  changeKind,
  enabled,
  condition: treeOf(condition),
  actions: actions.map(actionRow),
})

/** What a form says, and why it could not be read as it is. */
export function readRule(form: Form, id: string | null): { draft: RuleDraft; problem: string | null } {
  const { tree, problem } = readTree(form, "if")
  const name = form.one("name")
  return {
    draft: {
      id: id ?? idFromName(name),
      seenVersion: seenVersionOf(form.one("seenVersion")),
      name,
      changeKind: form.one("changeKind"),
      enabled: form.one("enabled") === "yes",
      condition: tree,
      actions: readActions(form),
    },
    problem,
  }
}

/** After one of the buttons within the form. */
export function editRule(
  draft: RuleDraft,
  edit: Edit,
): { draft: RuleDraft; focus: Edit; refused?: string | undefined } {
  if (edit.name === "if") {
    const { tree, at, problem } = editTree(draft.condition, edit.verb, edit.at)
    return { draft: { ...draft, condition: tree }, focus: { ...edit, at }, refused: problem }
  }
  if (edit.name !== "actions") return { draft, focus: edit }
  const { rows, at } = editList(draft.actions, edit, blankAction)
  return { draft: { ...draft, actions: rows }, focus: { ...edit, at } }
}

/** Throws `bad_request` with what is missing or does not fit. */
export function ruleOf({ id, name, changeKind, enabled, ...draft }: RuleDraft): Rule {
  if (name === "") throw new AppError("bad_request", "A rule needs a name.")
  if (!changeKinds.some((kind) => kind === changeKind))
    throw new AppError("bad_request", "Choose what the rule reacts to.")
  const condition = conditionOf(draft.condition)
  const actions = actionsOf(draft.actions)
  if (actions.length === 0) throw new AppError("bad_request", "A rule needs an action.")
  return ruleSchema.parse({ id, name, changeKind, condition, actions, enabled, version: 1 })
}
