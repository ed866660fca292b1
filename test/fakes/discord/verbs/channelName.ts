import { ChannelType } from "discord-api-types/v10"

/** A text channel's name as Discord makes it: small letters, hyphens for spaces, no punctuation. */
export function channelName(name: string, type: number): string {
  if (type !== ChannelType.GuildText && type !== ChannelType.GuildAnnouncement) return name.trim()
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/\s+/g, "-")
    .replace(/[!"#$%&'()*+,./:;<=>?@[\\\]^`{|}~]/g, "")
  return plain.replace(/-{2,}/g, "-") || "-"
}
