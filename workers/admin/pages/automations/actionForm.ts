import type { Action } from "../../../../shared/automation/ruleSchema.ts"
import { subjects } from "../../../../shared/automation/ruleSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import type { Form } from "./readTree.ts"
import { joinList, splitList } from "./textLists.ts"

/** An action as texts of a form; `target` is a sequence, a tag or a message, `unless` are sequences. */
export interface ActionRow {
  do: string
  target: string
  subject: string
  unless: string
}

export const blankAction: ActionRow = { do: "", target: "", subject: "", unless: "" }

export const actionOptions = [
  { value: "enrol", label: "Enrol in a sequence" },
  { value: "leave", label: "Leave a sequence (same subject)" },
  { value: "leave_all", label: "Leave a sequence (whatever it is about)" },
  { value: "add_tag", label: "Add a tag" },
  { value: "remove_tag", label: "Remove a tag" },
  { value: "notify_staff", label: "Notify staff" },
]

export function actionRow(action: Action): ActionRow {
  switch (action.do) {
    case "enrol":
      return {
        do: "enrol",
        target: action.sequence,
        subject: action.subject,
        unless: joinList(action.unlessIn ?? []),
      }
    case "leave":
      return { ...blankAction, do: action.all ? "leave_all" : "leave", target: action.sequence, subject: action.reason }
    case "add_tag":
    case "remove_tag":
      return { ...blankAction, do: action.do, target: action.tag }
    case "notify_staff":
      return { ...blankAction, do: action.do, target: action.message }
  }
}

export function readActions(form: Form): ActionRow[] {
  const [targets, about, unless] = ["target", "subject", "unless"].map((name) => form.all(name))
  return form.all("do").map((each, index) => ({
    do: each,
    target: targets?.[index] ?? "",
    subject: about?.[index] ?? "",
    unless: unless?.[index] ?? "",
  }))
}

/** Rows without anything in them are left out. Throws `bad_request` with what is missing or does not fit. */
export const actionsOf = (rows: ActionRow[]): Action[] =>
  rows.flatMap((row, index) =>
    row.do === "" && `${row.target}${row.subject}${row.unless}`.trim() === ""
      ? []
      : [actionOf(row, `Action ${index + 1}`)],
  )

function actionOf(row: ActionRow, name: string): Action {
  const refused = (what: string) => new AppError("bad_request", `${name}: ${what}`)
  const target = row.target.trim()
  if (row.do === "") throw refused(`choose what to do with "${target || row.subject || row.unless}".`)
  const missing = (what: string) => refused(`say which ${what} is meant.`)
  switch (row.do) {
    case "enrol": {
      if (target === "") throw missing("sequence")
      const said = row.subject.trim() || "customer"
      const subject = subjects.find((each) => each === said)
      if (!subject) throw refused(`somebody is enrolled once for each ${subjects.join(", ")}, not for each "${said}".`)
      const unlessIn = splitList(row.unless)
      return { do: "enrol", sequence: target, subject, ...(unlessIn.length > 0 ? { unlessIn } : {}) }
    }
    case "leave":
    case "leave_all":
      if (target === "") throw missing("sequence")
      return {
        do: "leave",
        sequence: target,
        reason: row.subject.trim() || "a rule says so",
        ...(row.do === "leave_all" ? { all: true } : {}),
      }
    case "add_tag":
    case "remove_tag":
      if (target === "") throw missing("tag")
      return { do: row.do, tag: target }
    case "notify_staff":
      if (target === "") throw missing("message")
      return { do: "notify_staff", message: target }
    default:
      throw refused(`"${row.do}" is nothing that a rule can do.`)
  }
}
