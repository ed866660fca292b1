import { AppError } from "../../errors.ts"

/** A path of Discord's API, its ids checked, so that what came from outside cannot lead elsewhere. */
export function discordPath(parts: TemplateStringsArray, ...ids: string[]): string {
  const bad = ids.find((id) => !/^[\w@-][\w.@-]*$/.test(id))
  if (bad !== undefined) throw new AppError("bad_request", `"${bad}" is no id of Discord.`)
  return String.raw(parts, ...ids)
}

/** What Discord counts requests by, before it has named a bucket. */
export interface DiscordRoute {
  /** Method and path without the ids that do not matter to limits, and without tokens. */
  name: string
  /** The channel, server or webhook: each has buckets of its own. */
  major: string
  /** Answers to interactions do not count for the limit of all requests together. */
  interaction: boolean
}

/** `limitedAs`: what the request changes, where Discord limits that by itself, as a channel's name. */
export function discordRoute(method: string, path: string, limitedAs?: string): DiscordRoute {
  const [resource = "", first = "", ...rest] = path.split("/").slice(1)
  const suffix = limitedAs ? `#${limitedAs}` : ""
  if (resource === "webhooks") {
    const [token = "", ...further] = rest
    const shown = ["webhooks", ":id", ":token", ...further.map(withoutId)].join("/")
    return { name: `${method} /${shown}`, major: `${first}/${token}`, interaction: true }
  }
  const shown = [resource, first, ...rest].map(withoutId).join("/")
  const major = ["channels", "guilds"].includes(resource) ? first : ""
  return { name: `${method} /${shown}${suffix}`, major, interaction: false }
}

const withoutId = (part: string) => (/^\d+$/.test(part) ? ":id" : part)
