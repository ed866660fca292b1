import { ApplicationCommandOptionType as Option } from "discord-api-types/v10"
import type { Command, CommandOption } from "../model/wire.ts"
import { cannot } from "./cannot.ts"

export type Given = Record<string, string | number | boolean>

interface Sent {
  name: string
  type: number
  value?: string | number | boolean
  focused?: true
  options?: Sent[]
}

export const readPath = (name: string): string[] => name.trim().replace(/^\//, "").split(/\s+/)

/** Options as Discord sends them, below their subcommand; `named` are the ids among them. While one is focused, others may be missing. */
export function nestedOptions(
  command: Command,
  path: readonly string[],
  given: Given,
  focused?: string,
): { options: Sent[]; named: string[] } {
  const parents: CommandOption[] = []
  let level = command.options
  for (const name of path) {
    const found = level.find((option) => option.name === name && isParent(option))
    if (!found) throw cannot(`/${command.name} has no "${name}".`)
    parents.push(found)
    level = found.options ?? []
  }
  if (level.some(isParent)) throw cannot(`/${command.name} needs one of: ${level.map(({ name }) => name).join(", ")}.`)
  const strange = Object.keys(given).find((name) => !level.some((option) => option.name === name))
  if (strange) throw cannot(`/${command.name} has no option "${strange}".`)
  const leaves = level.flatMap((option) => leaf(option, given[option.name], focused))
  const named = leaves.flatMap(({ type, value }) => (mentions.includes(type) ? [String(value)] : []))
  const options = parents.reduceRight<Sent[]>((below, { name, type }) => [{ name, type, options: below }], leaves)
  return { options, named }
}

const isParent = ({ type }: CommandOption) => type === Option.Subcommand || type === Option.SubcommandGroup
const mentions: number[] = [Option.User, Option.Role, Option.Channel, Option.Mentionable]

function leaf(option: CommandOption, value: Given[string] | undefined, focused: string | undefined): Sent[] {
  const { name, type } = option
  if (focused === name) return [{ name, type, value: value ?? "", focused: true }]
  if (value === undefined || value === "") {
    if (option.required && focused === undefined) throw cannot(`"${name}" is required.`)
    return []
  }
  const read = readValue(option, value)
  if (option.choices?.length && !option.choices.some((choice) => choice.value === read))
    throw cannot(`"${String(value)}" is not among the choices of "${name}".`)
  return [{ name, type, value: read }]
}

function readValue(option: CommandOption, value: Given[string]): Given[string] {
  const { type, name } = option
  if (type === Option.Boolean) return value === true || value === "true"
  if (type === Option.Integer || type === Option.Number) {
    const number = Number(value)
    const whole = type === Option.Number || Number.isInteger(number)
    const { min_value: least = -Infinity, max_value: most = Infinity } = option
    if (Number.isNaN(number) || !whole || number < least || number > most) throw cannot(`"${name}" takes a number.`)
    return number
  }
  const text = String(value)
  const { min_length: shortest = 0, max_length: longest = 6000 } = option
  if (text.length < shortest || text.length > longest) throw cannot(`"${name}" is too short or too long.`)
  return text
}
