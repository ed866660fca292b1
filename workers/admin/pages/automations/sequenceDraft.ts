import { type Sequence, sequenceSchema } from "../../../../shared/automation/sequenceSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { idFromName, seenVersionOf } from "../formOf.ts"
import type { Edit } from "./editButton.tsx"
import { editList } from "./editList.ts"
import { editTree } from "./editTree.ts"
import { blankExit, type ExitDraft, exitDraft, exitName, exitsOf, readExits } from "./exitForm.ts"
import type { Form } from "./readTree.ts"
import { blankStep, readSteps, type StepRow, stepRow, stepsOf } from "./stepForm.ts"

/** A sequence as its form shows it. */
export interface SequenceDraft {
  id: string
  /** Of the version that the form was filled with; 0 for a new one. */
  seenVersion: number
  name: string
  mailClass: string
  staleAfterHours: string
  enabled: boolean
  steps: StepRow[]
  exits: ExitDraft[]
}

export const emptySequence: SequenceDraft = {
  id: "",
  seenVersion: 0,
  name: "",
  mailClass: "transactional",
  staleAfterHours: "48",
  enabled: true,
  steps: [blankStep],
  exits: [exitDraft({ when: { field: "subscription.endedAt", op: "exists" }, reason: "the subscription has ended" })],
}

export const draftOfSequence = ({ version, staleAfterHours, steps, exits, ...same }: Sequence): SequenceDraft => ({
  ...same,
  seenVersion: version,
  staleAfterHours: String(staleAfterHours),
  steps: steps.map(stepRow),
  exits: exits.map(exitDraft),
})

/** What a form says, and why it could not be read as it is. */
export function readSequence(form: Form, id: string | null): { draft: SequenceDraft; problem: string | null } {
  const { exits, problem } = readExits(form)
  const name = form.one("name")
  return {
    draft: {
      id: id ?? idFromName(name),
      seenVersion: seenVersionOf(form.one("seenVersion")),
      name,
      mailClass: form.one("mailClass"),
      staleAfterHours: form.one("staleAfterHours"),
      enabled: form.one("enabled") === "yes",
      steps: readSteps(form),
      exits,
    },
    problem,
  }
}

/** After one of the buttons within the form. */
export function editSequence(
  draft: SequenceDraft,
  edit: Edit,
): { draft: SequenceDraft; focus: Edit; refused?: string | undefined } {
  if (edit.name === "mails") {
    const { rows, at } = editList(draft.steps, edit, blankStep)
    return { draft: { ...draft, steps: rows }, focus: { ...edit, at } }
  }
  if (edit.name === "exits") {
    const { rows, at } = editList(draft.exits, edit, blankExit)
    return { draft: { ...draft, exits: rows }, focus: { ...edit, at } }
  }
  const which = draft.exits.findIndex((_, at) => exitName(at) === edit.name)
  const exit = draft.exits[which]
  if (!exit) return { draft, focus: edit }
  const { tree, at, problem } = editTree(exit.tree, edit.verb, edit.at)
  return {
    draft: { ...draft, exits: draft.exits.with(which, { ...exit, tree }) },
    focus: { ...edit, at },
    refused: problem,
  }
}

/** Throws `bad_request` with what is missing or does not fit. */
export function sequenceOf({ id, name, mailClass, enabled, ...draft }: SequenceDraft): Sequence {
  const refused = (what: string) => new AppError("bad_request", what)
  if (name === "") throw refused("A sequence needs a name.")
  const steps = stepsOf(draft.steps)
  if (steps.length === 0) throw refused("A sequence needs a mail.")
  if (!/^[1-9]\d{0,3}$/.test(draft.staleAfterHours))
    throw refused("Say in whole hours, at least 1, after how long a mail is too late to be sent.")
  const exits = exitsOf(draft.exits)
  const staleAfterHours = Number(draft.staleAfterHours)
  const read = sequenceSchema.safeParse({ id, name, mailClass, enabled, exits, staleAfterHours, steps, version: 1 })
  if (!read.success) throw refused("Choose what kind of mail it is.")
  return read.data
}
