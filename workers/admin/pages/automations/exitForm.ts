import type { ExitCondition } from "../../../../shared/automation/sequenceSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { conditionOf, emptyTree, isBlank, type Tree, treeOf } from "./conditionTree.ts"
import { type Form, readTree } from "./readTree.ts"

/** What ends a sequence, as a form has it. */
export interface ExitDraft {
  tree: Tree
  reason: string
}

export const blankExit: ExitDraft = { tree: emptyTree, reason: "" }

/** What the fields of one are named after. */
export const exitName = (at: number): string => `exit-${at}`

const most = 20

export const exitDraft = ({ when, reason }: ExitCondition): ExitDraft => ({ tree: treeOf(when), reason })

/** The ends that a form has, which says in `exit` how many there are. */
export function readExits(form: Form): { exits: ExitDraft[]; problem: string | null } {
  const read = form
    .all("exit")
    .slice(0, most)
    .map((_, at) => ({
      ...readTree(form, exitName(at)),
      reason: form.all(`${exitName(at)}-reason`)[0]?.trim() ?? "",
    }))
  const tooMany = form.all("exit").length > most ? `At most ${most} things end a sequence.` : null
  return {
    exits: read.map(({ tree, reason }) => ({ tree, reason })),
    problem: read.find(({ problem }) => problem)?.problem ?? tooMany,
  }
}

/** Ends with nothing in them are left out. Throws `bad_request` with what is missing or does not fit. */
export const exitsOf = (exits: ExitDraft[]): ExitCondition[] =>
  exits.flatMap(({ tree, reason }, at) => {
    const begun = tree.slice(1).some((entry) => !isBlank(entry))
    if (!begun && reason === "") return []
    const name = `End ${at + 1}`
    if (!begun)
      throw new AppError("bad_request", `${name}: choose the field that ends the sequence because "${reason}".`)
    if (reason === "")
      throw new AppError(
        "bad_request",
        `${name}: say why the sequence ends, which is told wherever somebody has left it.`,
      )
    const when = conditionOf(tree, `${name}. `)
    const only = "all" in when && when.all.length === 1 ? when.all[0] : undefined
    return [{ when: only && "field" in only ? only : when, reason }]
  })
