import type { Guild } from "../model/store.ts"
import type { Role } from "../model/wire.ts"

export const showRole = (role: Role) => ({
  ...role,
  colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
  icon: null,
  unicode_emoji: null,
  flags: 0,
})

export const showGuild = (guild: Guild, roles: Role[]) => ({
  id: guild.id,
  name: guild.name,
  owner_id: guild.owner_id,
  roles: roles.map(showRole),
  emojis: [],
  stickers: [],
  features: [],
  icon: null,
  splash: null,
  banner: null,
  description: null,
  preferred_locale: "en-US",
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  verification_level: 1,
  default_message_notifications: 1,
  explicit_content_filter: 2,
  mfa_level: 0,
  nsfw_level: 0,
  premium_tier: 0,
  premium_progress_bar_enabled: false,
  application_id: null,
  vanity_url_code: null,
})
