import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb } from "../../db/bulk.ts"
import { toAppError } from "../../errors.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { loadSupport } from "../supportSetup.ts"
import { isPanelDue, panelVersion } from "./panelVersion.ts"
import { postPanel } from "./postPanel.ts"

/** While somebody is at it nobody else is, so that what is said last is what was read last. */
const leaseMilliseconds = 60_000

/**
 * Has the panel in Discord say what staff have written since. What fails is kept for the pages, told to staff, and tried
 * again by the sweep.
 */
export async function showPanel(ctx: Context<{ discord: DiscordRest }>): Promise<void> {
  const now = ctx.now()
  const leaseUntil = new Date(now.getTime() + leaseMilliseconds).toISOString()
  const taken = await ctx.db.execute(
    change(
      { leaseUntil },
      sql`value->>'messageId' <> '' and coalesce(value->>'leaseUntil', '') < ${now.toISOString()}`,
    ),
  )
  if (taken.rowCount === 0) return
  const setup = await loadSupport(ctx)
  const free = change({ leaseUntil: "" }, sql`true`)
  if (!(await isPanelDue(setup, now))) {
    await ctx.db.execute(free)
    return
  }
  try {
    await postPanel(ctx, setup.settings.supportPanel.channelId)
    ctx.log.info("panel brought up to date")
  } catch (thrown) {
    const error = toAppError(thrown).message.slice(0, 500)
    ctx.log.error("panel not brought up to date", { error })
    await batch(ctx.db, [
      change({ leaseUntil: "", error, triedAt: now.toISOString() }, sql`true`),
      notifyStaff(ctx, {
        key: `panel:${await panelVersion(setup)}`,
        message: `The panel in Discord does not show what the categories are now: ${error}`,
      }),
    ])
  }
}

const change = (part: object, where: SQL): SQL => sql`
  update settings set value = value || ${jsonb(part)} where name = 'supportPanel' and ${where}`
