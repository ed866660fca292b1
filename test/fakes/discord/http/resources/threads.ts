import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import { Hono } from "hono"
import { z } from "zod"
import { unknown } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import { showChannel, showThreadMember } from "../../present/showChannel.ts"
import { compareIds } from "../../snowflakes.ts"
import { may, permit } from "../../verbs/permit.ts"
import { addThreadMember, createThread, removeThreadMember, threadOf } from "../../verbs/threads.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"
import { needGuild } from "./guilds.ts"

const { botId } = discordIdentity
const { ReadMessageHistory, ViewChannel } = PermissionFlagsBits

const threadInput = z.object({
  name: z.string().min(1).max(100),
  type: z.literal([10, 11, 12]).nullish(),
  auto_archive_duration: z.literal([60, 1440, 4320, 10_080]).nullish(),
  invitable: z.boolean().nullish(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
})

export function threadRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const { store } = world
  const routes = new Hono<DiscordEnv>()
  const threads = () => [...store.channels.values()].filter(({ thread }) => thread !== null)

  routes.post(
    "/channels/:channel/threads",
    endpoint(
      parts,
      threadInput,
      ({ id, input, reason }) => showChannel(store, createThread(world, world.channel(id("channel")), input, reason)),
      201,
    ),
  )
  routes.get(
    "/guilds/:guild/threads/active",
    endpoint(parts, noBody, ({ id }) => {
      needGuild(world, id("guild"))
      const active = threads().filter((each) => !each.thread?.archived && may(world, botId, each, ViewChannel))
      return {
        threads: active.toSorted((a, b) => compareIds(b.id, a.id)).map((each) => showChannel(store, each)),
        members: [],
        has_more: false,
      }
    }),
  )
  routes.get(
    "/channels/:channel/threads/archived/private",
    endpoint(parts, noBody, ({ id, query }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel, ReadMessageHistory, PermissionFlagsBits.ManageThreads)
      const archived = threads()
        .filter(({ parent_id, thread, type }) => {
          const before = query.before === undefined || (thread?.archived_at ?? "") < query.before
          return parent_id === channel.id && type === ChannelType.PrivateThread && thread?.archived && before
        })
        .toSorted((a, b) => ((a.thread?.archived_at ?? "") < (b.thread?.archived_at ?? "") ? 1 : -1))
      const limit = Number(query.limit ?? 50)
      return {
        threads: archived.slice(0, limit).map((each) => showChannel(store, each)),
        members: [],
        has_more: archived.length > limit,
      }
    }),
  )
  routes.get(
    "/channels/:channel/thread-members",
    endpoint(parts, noBody, ({ id }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      return threadOf(channel).members.map((member) => showThreadMember(channel, member))
    }),
  )
  routes.get(
    "/channels/:channel/thread-members/:user",
    endpoint(parts, noBody, ({ id }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      const member = threadOf(channel).members.find(({ user }) => user === id("user"))
      if (!member) throw unknown.member()
      return showThreadMember(channel, member)
    }),
  )
  routes.put(
    "/channels/:channel/thread-members/:user",
    endpoint(parts, noBody, ({ id }) => addThreadMember(world, world.channel(id("channel")), userOf(id("user")))),
  )
  routes.delete(
    "/channels/:channel/thread-members/:user",
    endpoint(parts, noBody, ({ id }) => removeThreadMember(world, world.channel(id("channel")), userOf(id("user")))),
  )
  return routes
}

const userOf = (id: string): string => (id === "@me" ? botId : id)
