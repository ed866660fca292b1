import { blankRow, endOf, type Group, isBlank, type Tree } from "./conditionTree.ts"
import { deepestGroup, mostParts, tooDeep, tooMany } from "./readTree.ts"

/** A tree after a change: where to go on, and what stood in the way. */
export interface EditedTree {
  tree: Tree
  at: number
  problem?: string
}

const anyOf = (depth: number): Group => ({ kind: "group", depth, match: "any" })

/** What the buttons of an editor do to the entry at `at`. Anything else leaves the tree as it is. */
export function editTree(tree: Tree, verb: string, at: number): EditedTree {
  const entry = tree[at]
  if (!entry) return { tree, at: 0 }
  const edited = change(tree, verb, at)
  if (edited.tree.length > mostParts + 1) return { tree, at, problem: tooMany }
  const deepest = Math.max(...edited.tree.map(({ kind, depth }) => depth - (kind === "row" ? 1 : 0)))
  if (deepest > deepestGroup) return { tree, at, problem: tooDeep }
  return edited
}

function change(tree: Tree, verb: string, at: number): EditedTree {
  const entry = tree[at]
  if (!entry) return { tree, at: 0 }
  const end = endOf(tree, at)
  const within = entry.depth + 1
  if (entry.kind === "group" && verb === "add-row") return { tree: tree.toSpliced(end, 0, blankRow(within)), at: end }
  if (entry.kind === "group" && verb === "add-group")
    return { tree: tree.toSpliced(end, 0, anyOf(within), blankRow(within + 1)), at: end }
  if (at === 0) return { tree, at }
  switch (verb) {
    case "remove":
      return { tree: tree.toSpliced(at, end - at), at: groupAround(tree, at) }
    case "indent":
      return indented(tree, at)
    case "outdent":
      return outdented(tree, at)
    default:
      return { tree, at }
  }
}

/** Into the group before it; where there is none, into a new one. */
function indented(tree: Tree, at: number): EditedTree {
  const end = endOf(tree, at)
  const depth = tree[at]?.depth ?? 1
  const block = tree.slice(at, end).map((entry) => ({ ...entry, depth: entry.depth + 1 }))
  const before = tree.findLast((each, index) => index < at && each.depth <= depth)
  return before?.kind === "group" && before.depth === depth
    ? { tree: tree.toSpliced(at, end - at, ...block), at }
    : { tree: tree.toSpliced(at, end - at, anyOf(depth), ...block), at: at + 1 }
}

/** Behind the group that it is in, which goes if nothing is left in it. */
function outdented(tree: Tree, at: number): EditedTree {
  const group = groupAround(tree, at)
  if (group === 0) return { tree, at }
  const block = tree.slice(at, endOf(tree, at))
  const rest = tree.slice(group, endOf(tree, group)).toSpliced(at - group, block.length)
  const left = rest.slice(1).every(isBlank) ? [] : rest
  const moved = block.map((entry) => ({ ...entry, depth: entry.depth - 1 }))
  return {
    tree: tree.toSpliced(group, endOf(tree, group) - group, ...left, ...moved),
    at: group + left.length,
  }
}

const groupAround = (tree: Tree, at: number): number => {
  const depth = tree[at]?.depth ?? 1
  return Math.max(
    0,
    tree.findLastIndex((each, index) => index < at && each.depth < depth),
  )
}
