import { ApplicationCommandType, ApplicationCommandOptionType as Option } from "discord-api-types/v10"
import { html } from "hono/html"
import type { Command, CommandOption } from "../../discord/model/wire.ts"
import { offeredCommands } from "../../discord/people/useCommand.ts"
import type { DiscordWorld } from "../../discord/world.ts"
import { hidden } from "../controls.ts"
import type { Markup } from "../page.ts"
import { channelLabel, nameOf } from "./naming.ts"
import { playButton } from "./playForm.ts"
import type { Viewer } from "./viewer.ts"

/** The slash commands that the viewer is offered here, each as a form, and those of members' menus. */
export function commandsSection(world: DiscordWorld, viewer: Viewer) {
  const offered = offeredCommands(world, viewer.as)
  const slash = offered.filter(({ type }) => type === ApplicationCommandType.ChatInput)
  const ofMembers = offered.filter(({ type }) => type === ApplicationCommandType.User)
  const leaves = slash.flatMap((command) => leavesOf(command))
  return html`<section id="commands" aria-labelledby="commands-title"><h2 id="commands-title">Commands <small>${leaves.length + ofMembers.length}</small></h2>
${offered.length === 0 ? html`<p class="empty">The application has registered none that they may use.</p>` : ""}
${leaves.map((leaf) => commandForm(world, viewer, leaf))}
${ofMembers.map((command) => memberMenu(world, viewer, command))}</section>`
}

interface Leaf {
  name: string
  description: string
  options: CommandOption[]
}

function leavesOf({
  name,
  description,
  options,
}: {
  name: string
  description: string
  options?: CommandOption[]
}): Leaf[] {
  const parents = (options ?? []).filter(({ type }) => type === Option.Subcommand || type === Option.SubcommandGroup)
  if (parents.length === 0) return [{ name, description, options: options ?? [] }]
  return parents.flatMap((parent) => leavesOf({ ...parent, name: `${name} ${parent.name}` }))
}

function commandForm(world: DiscordWorld, { as, channel }: Viewer, { name, description, options }: Leaf) {
  const id = name.replaceAll(" ", "-")
  return html`<details class="item" id="command-${id}"><summary><span class="title mono">/${name}</span> <span class="meta">${description}</span></summary>
<form method="post" action="/_/discord/act" enctype="multipart/form-data" class="body grid">${hidden({ as, channel: channel?.id ?? "", name })}
${options.map((option) => field(world, as, name, option))}
<div class="actions wide"><button class="primary" name="action" value="command">Run /${name}</button>${options
    .filter(({ autocomplete }) => autocomplete)
    .map(
      (option) => html`<button name="action" value="autocomplete:${option.name}">Suggest ${option.name}</button>`,
    )}</div></form></details>`
}

function field(world: DiscordWorld, as: string, command: string, option: CommandOption): Markup {
  const label = html`<span>${option.name}${option.required ? "" : html` <small>optional</small>`}</span><small>${option.description}</small>`
  return html`<label>${label}${input(world, as, command, option)}</label>`
}

function input(world: DiscordWorld, as: string, command: string, option: CommandOption): Markup {
  const { name, type, choices, autocomplete, min_value = "", max_value = "" } = option
  const select = (entries: [string, string][]) =>
    html`<select name="option:${name}"><option value=""></option>${entries.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select>`
  const { store } = world
  if (choices?.length) return select(choices.map((choice) => [String(choice.value), choice.name]))
  if (type === Option.User || type === Option.Mentionable)
    return select([...store.members.keys()].map((id) => [id, nameOf(world, id)]))
  if (type === Option.Role) return select([...store.roles.values()].map(({ id, name: role }) => [id, role]))
  if (type === Option.Channel)
    return select([...store.channels.values()].map((each) => [each.id, channelLabel(world, each)]))
  if (type === Option.Boolean)
    return select([
      ["true", "true"],
      ["false", "false"],
    ])
  if (type === Option.Attachment) return html`<input type="file" name="file:${name}">`
  if (type === Option.Integer || type === Option.Number)
    return html`<input type="number" name="option:${name}" min="${min_value}" max="${max_value}" step="any">`
  if (!autocomplete) return html`<input name="option:${name}" autocomplete="off">`
  const list = `choices-${command.replaceAll(" ", "-")}-${name}`
  return html`<input name="option:${name}" list="${list}" autocomplete="off" data-suggest="${name}"><datalist id="${list}">${suggested(
    world,
    as,
    command,
    name,
  ).map((choice) => html`<option value="${String(choice.value)}">${choice.name}</option>`)}</datalist>`
}

/** What the application offered last. */
const suggested = (world: DiscordWorld, as: string, command: string, option: string) =>
  [...world.store.interactions.values()].findLast(
    ({ type, user, label }) => type === 4 && user === as && label === `/${command} ... ${option}`,
  )?.choices ?? []

const memberMenu = (world: DiscordWorld, { as, channel }: Viewer, { id, name }: Command) =>
  html`<details class="item" id="command-${id}"><summary><span class="title">${name}</span> <span class="meta">on a member</span></summary>
<div class="body actions">${[...world.store.members.keys()].map((target) => playButton(nameOf(world, target), { action: "menuCommand", as, channel: channel?.id ?? "", name, target }))}</div></details>`
