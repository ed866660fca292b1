import type { LimitedRoute } from "./rateLimits.ts"

/** What Discord counts a request by. */
export function limitedRoute(method: string, path: string): LimitedRoute {
  const [, resource = "", major = "", ...rest] = path.split("/")
  if (resource === "webhooks" || resource === "interactions") {
    const [token = "", ...names] = rest
    const template = ["", resource, ":major", ":token", ...names.map(named)].join("/")
    return { method, template, major: `${major}/${token}`, global: false }
  }
  const topLevel = resource === "channels" || resource === "guilds"
  const template = ["", resource, ...(topLevel ? [":major"] : [named(major)]), ...rest.map(named)].join("/")
  return { method, template, major: topLevel ? major : "", global: true }
}

const named = (part: string): string => (/^\d+$/.test(part) ? ":id" : part)
