import type { AuditLogEvent } from "discord-api-types/v10"
import { discordIdentity } from "../identity.ts"
import type { DiscordWorld } from "../world.ts"

/** Keeps what the bot did, with the reason it gave. */
export function audit(world: DiscordWorld, action: AuditLogEvent, target: string, reason: string | null): void {
  world.store.audit.push({
    id: world.ids.next(),
    action_type: action,
    user_id: discordIdentity.botId,
    target_id: target,
    reason,
  })
}
