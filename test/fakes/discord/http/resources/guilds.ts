import { AuditLogEvent, PermissionFlagsBits } from "discord-api-types/v10"
import { Hono } from "hono"
import { missingAccess, unknown } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import type { Member } from "../../model/wire.ts"
import { showGuild, showRole } from "../../present/showGuild.ts"
import { showMember, showUser } from "../../present/showUser.ts"
import { compareIds } from "../../snowflakes.ts"
import { audit } from "../../verbs/audit.ts"
import { permitInGuild } from "../../verbs/permit.ts"
import type { DiscordWorld } from "../../world.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"

const { botId } = discordIdentity

export function guildRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const { store } = world
  const routes = new Hono<DiscordEnv>()
  const show = (member: Member) => showMember(member, world.user(member.user))

  routes.get(
    "/guilds/:guild",
    endpoint(parts, noBody, ({ id, query }) => {
      needGuild(world, id("guild"))
      const counts = { approximate_member_count: store.members.size, approximate_presence_count: store.members.size }
      return { ...showGuild(store.guild, [...store.roles.values()]), ...(query.with_counts === "true" && counts) }
    }),
  )
  routes.get(
    "/guilds/:guild/roles",
    endpoint(parts, noBody, ({ id }) => {
      needGuild(world, id("guild"))
      return [...store.roles.values()].map(showRole)
    }),
  )
  routes.get(
    "/guilds/:guild/members",
    endpoint(parts, noBody, ({ id, query }) => {
      needGuild(world, id("guild"))
      if (!world.guildMembers) throw missingAccess()
      const members = [...store.members.values()].toSorted((a, b) => compareIds(a.user, b.user))
      return members
        .filter(({ user }) => compareIds(user, /^\d+$/.test(query.after ?? "") ? (query.after ?? "0") : "0") > 0)
        .slice(0, Number(query.limit ?? 1))
        .map(show)
    }),
  )
  routes.get(
    "/guilds/:guild/members/search",
    endpoint(parts, noBody, ({ id, query }) => {
      needGuild(world, id("guild"))
      const wanted = (query.query ?? "").toLowerCase()
      const found = [...store.members.values()].filter(({ user, nick }) => {
        const { username, global_name } = world.user(user)
        return [username, global_name, nick].some((name) => name?.toLowerCase().startsWith(wanted))
      })
      return found.slice(0, Number(query.limit ?? 1)).map(show)
    }),
  )
  routes.get(
    "/guilds/:guild/members/:user",
    endpoint(parts, noBody, ({ id }) => {
      needGuild(world, id("guild"))
      world.user(id("user"))
      return show(world.member(id("user")))
    }),
  )
  const changeRole = (has: boolean) =>
    endpoint(parts, noBody, ({ id, reason }) => {
      needGuild(world, id("guild"))
      permitInGuild(world, botId, PermissionFlagsBits.ManageRoles)
      const member = world.member(id("user"))
      const role = store.roles.get(id("role"))
      if (!role) throw unknown.role()
      const others = member.roles.filter((each) => each !== role.id)
      member.roles = has ? [...others, role.id] : others
      audit(world, AuditLogEvent.MemberRoleUpdate, member.user, reason)
    })
  routes.put("/guilds/:guild/members/:user/roles/:role", changeRole(true))
  routes.delete("/guilds/:guild/members/:user/roles/:role", changeRole(false))
  routes.get(
    "/guilds/:guild/audit-logs",
    endpoint(parts, noBody, ({ id, query }) => {
      needGuild(world, id("guild"))
      permitInGuild(world, botId, PermissionFlagsBits.ViewAuditLog)
      const entries = store.audit.filter(
        ({ action_type }) => !query.action_type || action_type === Number(query.action_type),
      )
      return {
        audit_log_entries: entries.toReversed().slice(0, Number(query.limit ?? 50)),
        users: [showUser(world.user(botId))],
      }
    }),
  )
  return routes
}

/** Throws 10004 for any guild but the one that the bot is in. */
export function needGuild(world: DiscordWorld, id: string): void {
  if (id !== world.store.guild.id || !world.store.members.has(botId)) throw unknown.guild()
}
