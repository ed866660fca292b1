import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import type { Settings } from "../../settings/settings.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { createMessage, editMessage } from "../../vendors/discord/messages.ts"
import { loadSupport } from "../supportSetup.ts"
import { panelMessage } from "./panelMessage.ts"
import { panelVersion } from "./panelVersion.ts"

/** Changes the panel that is there; a new one where it was deleted, or is in another channel. */
export async function postPanel(ctx: Context<{ discord: DiscordRest }>, channelId: string): Promise<void> {
  const { discord } = ctx.vendors
  const setup = await loadSupport(ctx)
  const message = panelMessage(setup)
  const shown = await panelVersion(setup)
  const { supportPanel } = setup.settings
  const keep = (messageId: string) =>
    keepPanel(ctx, { channelId, messageId, shown, error: "", triedAt: "", leaseUntil: "" })
  if (supportPanel.channelId === channelId && supportPanel.messageId) {
    try {
      await editMessage(discord, { channelId, messageId: supportPanel.messageId, message })
      return await keep(supportPanel.messageId)
    } catch (thrown) {
      // Unknown channel, unknown message: it was deleted.
      if (!(thrown instanceof DiscordError && [10003, 10008].includes(thrown.discordCode))) throw thrown
    }
  }
  const posted = await createMessage(discord, {
    channelId,
    nonce: `panel-${ctx.now().getTime()}`.slice(0, 25),
    message,
  })
  await keep(posted.id)
}

async function keepPanel(ctx: Context, value: Settings["supportPanel"]): Promise<void> {
  await ctx.db.execute(sql`
    insert into settings (name, value, updated_at) values ('supportPanel', ${jsonb(value)}, ${ctx.now().toISOString()})
    on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`)
}
