import { ApplicationFlags, ChannelType, OverwriteType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import { toAppError } from "../../errors.ts"
import type { Settings } from "../../settings/settings.ts"
import { getApplication, putCommands } from "../../vendors/discord/application.ts"
import { createChannel } from "../../vendors/discord/channels.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { getGuild, getMember, listGuildChannels, listRoles } from "../../vendors/discord/guild.ts"
import { missingPermissions } from "../../vendors/discord/missingPermissions.ts"
import { type PermissionName, permissionBits } from "../../vendors/discord/permissions.ts"
import { mostInServer } from "../place/chooseParent.ts"
import { staffRoles } from "../staffRoles.ts"
import { loadSupport } from "../supportSetup.ts"
import { commandProblems } from "./commandProblems.ts"
import { commands } from "./commands.ts"
import { placeProblems } from "./placeProblems.ts"
import { postPanel } from "./postPanel.ts"
import { threadProblems } from "./threadProblems.ts"

type SetupContext = Context<{ discord: DiscordRest }> & { config: { guildId: string } }
type Support = Settings["support"]

/** What the bot needs in the server, for tickets as channels. */
const needed: PermissionName[] = [
  "VIEW_CHANNEL",
  "MANAGE_CHANNELS",
  "MANAGE_ROLES",
  "SEND_MESSAGES",
  "SEND_MESSAGES_IN_THREADS",
  "CREATE_PUBLIC_THREADS",
  "CREATE_PRIVATE_THREADS",
  "MANAGE_THREADS",
  "MANAGE_MESSAGES",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
  "MENTION_EVERYONE",
]
const onPanel: PermissionName[] = ["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"]
/** What it takes in the panel's channel where tickets are its threads. */
const forThreads: PermissionName[] = [
  "CREATE_PRIVATE_THREADS",
  "SEND_MESSAGES_IN_THREADS",
  "MANAGE_THREADS",
  "ATTACH_FILES",
]
/** With so little room left in the server, the next tickets are threads whatever the settings say. */
const roomForChannels = 10

export interface SetupReport {
  /** What is there now. */
  done: string[]
  /** What is missing, in words that say what to do; none: everything works. */
  problems: string[]
}

/**
 * Makes everything in Discord that tickets take, and looks whether it will work: commands, a category for channels, the
 * panel with its button, the bot's permissions, that it may read what people write. Doing it again mends what is missing
 * and changes nothing else. What it found is kept for the staff pages.
 */
export async function setUpDiscord(ctx: SetupContext, input: { panelChannelId?: string } = {}): Promise<SetupReport> {
  const report: SetupReport = { done: [], problems: [] }
  try {
    await setUp(ctx, input, report)
  } catch (thrown) {
    report.problems.push(toAppError(thrown).message)
  }
  await keep(ctx, "discordSetup", { at: ctx.now().toISOString(), ...report })
  return report
}

async function setUp(
  ctx: SetupContext,
  input: { panelChannelId?: string },
  { done, problems }: SetupReport,
): Promise<void> {
  const { discord } = ctx.vendors
  const { guildId } = ctx.config
  const application = await getApplication(discord)
  const botUserId = application.bot?.id ?? application.id
  const guild = await getGuild(discord, { guildId })
  const member = guild && (await getMember(discord, { guildId, userId: botUserId }))
  if (!guild || !member) {
    problems.push(
      `The bot is not in the server ${guildId}. Invite it: https://discord.com/oauth2/authorize?client_id=${application.id}&scope=bot+applications.commands&permissions=${permissionBits(...needed)}`,
    )
    return
  }
  done.push(`The bot is in ${guild.name}.`)

  const flags = application.flags ?? 0
  if (flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited))
    done.push("The bot may read what people write.")
  else
    problems.push(
      "The bot cannot read what people write. Switch on Message Content Intent in the developer portal, under Bot; without it transcripts are empty.",
    )

  const [roles, channels] = [await listRoles(discord, { guildId }), await listGuildChannels(discord, { guildId })]
  const where = { guild, roles, userId: botUserId, member, now: ctx.now() }
  for (const missing of missingPermissions(where, needed)) problems.push(`The bot lacks a permission. ${missing}.`)

  const setup = await loadSupport(ctx)
  const support: Support = { ...setup.settings.support, botUserId }
  const staff = roles.find(({ id }) => id === support.staffRoleId)
  const named = staff ? [] : roles.filter(({ name }) => /\b(support|staff|team)\b/i.test(name))
  if (!staff && named.length === 1) support.staffRoleId = named[0]?.id ?? ""
  const role = roles.find(({ id }) => id === support.staffRoleId)
  if (role) {
    done.push(`Staff are the members with the role ${role.name}.`)
  } else problems.push("Nobody is staff yet: choose the staff role in the settings for tickets.")
  const ofStaff = new Set(staffRoles({ ...setup, settings: { ...setup.settings, support } }))
  const answering = roles.filter(({ id }) => ofStaff.has(id))
  for (const each of answering) problems.push(...commandProblems(where, each))

  const listed = support.parentIds.filter((id) => channels.some((each) => each.id === id))
  if (listed.length > 0) support.parentIds = listed
  else {
    const there = channels.find(({ type, name }) => type === ChannelType.GuildCategory && name === "Tickets")
    const hidden = { id: guildId, type: OverwriteType.Role, allow: "0", deny: String(permissionBits("VIEW_CHANNEL")) }
    const own = { id: botUserId, type: OverwriteType.Member, allow: String(permissionBits("VIEW_CHANNEL")), deny: "0" }
    const made =
      there ??
      (await createChannel(discord, {
        guildId,
        channel: { name: "Tickets", type: ChannelType.GuildCategory, permission_overwrites: [hidden, own] },
        reason: "Tickets",
      }))
    support.parentIds = [made.id]
  }
  done.push("Channels of tickets go to a category.")
  problems.push(...placeProblems(where, { ...setup, settings: { ...setup.settings, support }, roles, channels }))

  const wanted = channels.find(({ id }) => id === input.panelChannelId)
  if (input.panelChannelId && !wanted) problems.push(`The server has no channel ${input.panelChannelId} for the panel.`)
  const panel =
    wanted ??
    channels.find(({ id }) => id === support.panelChannelId) ??
    channels.find(({ type, name }) => type === ChannelType.GuildText && name === "support")
  if (panel) support.panelChannelId = panel.id
  await keep(ctx, "support", support)

  await putCommands(discord, { guildId, commands })
  done.push(`${commands.length} commands are registered.`)

  if (!panel) {
    problems.push("There is no channel for the panel: choose one in the settings for tickets.")
    return
  }
  const overwrites = "permission_overwrites" in panel ? panel.permission_overwrites : undefined
  const bySettings = support.place === "thread"
  if (bySettings || channels.length > mostInServer - roomForChannels) {
    if (!bySettings) problems.push("The server is nearly full: the next tickets are private threads.")
    for (const each of missingPermissions({ ...where, overwrites: overwrites ?? [] }, forThreads))
      problems.push(`In #${panel.name} the bot lacks a permission for tickets that are threads. ${each}.`)
    problems.push(
      ...threadProblems(where, {
        roles: answering,
        panel: { name: panel.name ?? "", overwrites: overwrites ?? [] },
      }),
    )
  }
  const missing = missingPermissions({ ...where, overwrites: overwrites ?? [] }, onPanel)
  if (missing.length > 0) {
    for (const each of missing) problems.push(`In #${panel.name} the bot lacks a permission. ${each}.`)
    return
  }
  await postPanel(ctx, panel.id)
  done.push(`The button is in #${panel.name}.`)
}

const keep = (ctx: Context, name: "support" | "discordSetup", value: object) =>
  ctx.db.execute(sql`
    insert into settings (name, value, updated_at) values (${name}, ${jsonb(value)}, ${ctx.now().toISOString()})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`)
