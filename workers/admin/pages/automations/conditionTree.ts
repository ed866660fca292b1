import { conditionFields } from "../../../../shared/automation/conditionFields.ts"
import type { Condition } from "../../../../shared/automation/ruleSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { comparisonOf } from "./comparisonOf.ts"
import { joinList } from "./textLists.ts"

export type Match = "all" | "any" | "none" | "not_all"

/** How the parts of a group are taken together. */
export const matches: { value: Match; label: string }[] = [
  { value: "all", label: "all of these hold" },
  { value: "any", label: "at least one of these holds" },
  { value: "none", label: "none of these holds" },
  { value: "not_all", label: "not all of these hold" },
]

export interface Group {
  kind: "group"
  depth: number
  match: Match
}

/** A comparison as texts of a form; `key` is of a field that has a text under each key. */
export interface Row {
  kind: "row"
  depth: number
  field: string
  key: string
  op: string
  value: string
}

export type Entry = Group | Row

/**
 * A condition as an editor shows it, line by line: the group around all, at depth 0, and below each group its parts, one
 * deeper. What is added, moved or taken out is then a slice of lines.
 */
export type Tree = Entry[]

export const blankRow = (depth: number): Row => ({ kind: "row", depth, field: "", key: "", op: "eq", value: "" })
export const emptyTree: Tree = [{ kind: "group", depth: 0, match: "all" }, blankRow(1)]

export const isBlank = (entry: Entry): boolean =>
  entry.kind === "row" && entry.field === "" && entry.key.trim() === "" && entry.value.trim() === ""

/** Where the entry ends with all that is below it. */
export function endOf(tree: Tree, at: number): number {
  const depth = tree[at]?.depth ?? 0
  const next = tree.findIndex((entry, index) => index > at && entry.depth <= depth)
  return next < 0 ? tree.length : next
}

/** Where the parts of a group are. */
export const partsOf = (tree: Tree, at: number): number[] => {
  const depth = (tree[at]?.depth ?? 0) + 1
  const end = endOf(tree, at)
  return tree.flatMap((entry, index) => (index > at && index < end && entry.depth === depth ? [index] : []))
}

export function treeOf(condition: Condition): Tree {
  const lines = linesOf(condition, 0)
  const tree: Tree =
    lines[0]?.kind === "row" ? [{ kind: "group", depth: 0, match: "all" }, ...linesOf(condition, 1)] : lines
  return tree.length === 1 ? [...tree, blankRow(1)] : tree
}

function linesOf(condition: Condition, depth: number): Tree {
  if ("field" in condition) return [rowOf(condition, depth)]
  const group = (match: Match, parts: Condition[]): Tree => [
    { kind: "group", depth, match },
    ...parts.flatMap((part) => linesOf(part, depth + 1)),
  ]
  if ("all" in condition) return group("all", condition.all)
  if ("any" in condition) return group("any", condition.any)
  const { not } = condition
  if ("all" in not) return group("not_all", not.all)
  return group("none", "any" in not ? not.any : [not])
}

function rowOf({ field: path, op, value }: Extract<Condition, { field: string }>, depth: number): Row {
  const [root = "", name = "", ...rest] = path.split(".")
  const keyed = conditionFields[root]?.[name] === "map"
  return {
    kind: "row",
    depth,
    field: keyed ? `${root}.${name}` : path,
    key: keyed ? rest.join(".") : "",
    op,
    value: Array.isArray(value)
      ? joinList(value)
      : value === true
        ? "yes"
        : value === false
          ? "no"
          : String(value ?? ""),
  }
}

/**
 * Lines without anything in them are left out. Throws `bad_request` with what is missing or does not fit; `within` is said
 * first, where the form has several conditions.
 */
export function conditionOf(tree: Tree, within = ""): Condition {
  const written = tree.filter((entry) => !isBlank(entry))
  const [around] = written
  if (written.length === 1 && around?.kind === "group" && around.match === "all") return { all: [] }
  return conditionAt(written, 0, "", within)
}

function conditionAt(tree: Tree, at: number, label: string, within: string): Condition {
  const entry = tree[at] ?? blankRow(1)
  if (entry.kind === "row") return comparisonOf(entry, `${within}Condition ${label}`)
  const parts = partsOf(tree, at).map((place, index) => conditionAt(tree, place, labelWithin(label, index), within))
  const [only, ...others] = parts
  if (!only)
    throw new AppError(
      "bad_request",
      label === ""
        ? `${within}There is no condition yet: add one, or choose that all have to hold.`
        : `${within}Group ${label} has nothing in it: add a condition, or remove the group.`,
    )
  switch (entry.match) {
    case "all":
      return { all: parts }
    case "any":
      return { any: parts }
    case "none":
      return { not: others.length === 0 ? only : { any: parts } }
    case "not_all":
      return { not: { all: parts } }
  }
}

/** What the part of a group is called, `2.1`; the group around all has no name. */
export const labelWithin = (label: string, index: number): string => `${label === "" ? "" : `${label}.`}${index + 1}`
