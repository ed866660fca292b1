import type { formOf } from "../formOf.ts"
import { type Entry, type Match, matches, type Tree } from "./conditionTree.ts"

export type Form = Awaited<ReturnType<typeof formOf>>

/** A condition may have ten levels: these of groups, and their comparisons. */
export const deepestGroup = 8
export const mostParts = 200

/**
 * The lines of a condition as a form has them: `<name>-line` is `group:<depth>` or `row:<depth>`, the other fields stand in
 * the order of the lines that they belong to. What is deeper or more than there may be is brought back within bounds, so
 * that it can be shown, and `problem` tells.
 */
export function readTree(form: Form, name: string): { tree: Tree; problem: string | null } {
  const all = (field: string) => form.all(`${name}-${field}`)
  const [matchOf = "", ...matchesBelow] = all("match")
  const [fields, keys, ops, values] = [all("field"), all("key"), all("op"), all("value")]
  const tree: Tree = [{ kind: "group", depth: 0, match: readMatch(matchOf) }]
  const lines = all("line")
  let [groups, rows, beyond] = [0, 0, false]
  for (const line of lines.slice(0, mostParts)) {
    const [kind, given = ""] = line.split(":")
    const wanted = /^\d{1,4}$/.test(given) ? Number(given) : 1
    const depth = Math.max(1, Math.min(wanted, depthBelow(tree.at(-1)), deepestGroup + (kind === "group" ? 0 : 1)))
    beyond ||= wanted > deepestGroup + 1 || (kind === "group" && wanted > deepestGroup)
    if (kind === "group") tree.push({ kind, depth, match: readMatch(matchesBelow[groups++] ?? "") })
    else {
      const at = rows++
      const texts = { field: fields[at] ?? "", key: keys[at] ?? "", op: ops[at] ?? "eq", value: values[at] ?? "" }
      tree.push({ kind: "row", depth, ...texts })
    }
  }
  return {
    tree,
    problem: lines.length > mostParts ? tooMany : beyond ? `${tooDeep} What was deeper has been taken up.` : null,
  }
}

export const tooMany = `A condition has at most ${mostParts} parts. Use "is one of" for several values of one field.`
export const tooDeep = `Groups are nested at most ${deepestGroup} deep.`

const depthBelow = (entry: Entry | undefined): number => (entry ? entry.depth + (entry.kind === "group" ? 1 : 0) : 1)

const readMatch = (text: string): Match => matches.find(({ value }) => value === text)?.value ?? "all"
