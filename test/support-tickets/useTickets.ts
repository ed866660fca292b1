import { sql } from "drizzle-orm"
import { beforeEach } from "vitest"
import type { Actor } from "../../shared/context.ts"
import type { TicketWish } from "../../shared/support/open/reserveTicket.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import type { TicketContext } from "../../shared/support/ticketContext.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { discordIdentity } from "../fakes/discord/identity.ts"
import { defaultIds } from "../fakes/discord/model/defaultGuild.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { testContext } from "../support/testContext.ts"
import type { TestDatabase } from "../support/useDatabase.ts"
import { MemoryFiles } from "./useTicket.ts"

/** Tickets of one database at Discord's stand-in, as just set up before each test. */
export function useTickets({ db }: TestDatabase) {
  const stand = useFakes({ discord: { rateLimits: false } })
  const { channels, roles, users } = defaultIds
  let wishes = 0
  const files = new MemoryFiles()

  function context(options: { actor?: Actor; now?: Date } = {}) {
    const { actor = { kind: "queue", name: "tickets" }, now = new Date() } = options
    const discord = createDiscordRest({
      token: discordIdentity.botToken,
      applicationId: discordIdentity.applicationId,
      apiBase: `${stand.fakes.url}/discord/api/v10`,
      release: "test",
    })
    const ctx = testContext({ db, now, actor, vendors: { discord, files } })
    const config = { guildId: discordIdentity.guildId, portalUrl: "https://portal.test", linkSecret: "not-a-secret" }
    return Object.assign(ctx, { config }) satisfies TicketContext
  }

  async function setSupport(change: object = {}) {
    const value = {
      place: "channel",
      panelChannelId: channels.support,
      staffRoleId: roles.support,
      botUserId: users.bot,
      parentIds: [channels.tickets, channels.overflow],
      cooldownMinutes: 0,
      nudgeHours: 24,
      warnHours: 72,
      closeHours: 96,
      keepHours: 24,
      reopenDays: 14,
      ...change,
    }
    await db.execute(sql`
      insert into settings (name, value, updated_at) values ('support', ${JSON.stringify(value)}::jsonb, now())
      on conflict (name) do update set value = excluded.value`)
  }

  beforeEach(async () => {
    files.files.clear()
    await db.execute(
      sql`truncate tickets, overflow_categories, ticket_categories, discord_links, support_blocks, customers, settings cascade`,
    )
    await seedSupport(context())
    await setSupport()
  })

  const wish = (change: Partial<TicketWish> = {}): TicketWish => ({
    interactionId: String(900_000_000_000_000_000n + BigInt(++wishes)),
    interactionToken: "token",
    guildId: discordIdentity.guildId,
    openerId: users.ada,
    openerName: "Ada Example",
    categoryId: "technical",
    description: "My server is down.\nSince this morning.",
    answers: [],
    files: [],
    ...change,
  })

  return {
    db,
    ids: defaultIds,
    context,
    files,
    setSupport,
    wish,
    get fakes() {
      return stand.fakes
    },
    get world() {
      return stand.fakes.discord.world
    },
    /** Channels and threads besides those that the server begins with. */
    places: () =>
      [...stand.fakes.discord.world.store.channels.values()].filter(
        ({ id, guild }) => guild !== null && !Object.values<string>(channels).includes(id),
      ),
    rows: async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows,
  }
}
