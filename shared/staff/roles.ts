export const roles = ["viewer", "support", "finance", "ops", "owner"] as const
export type Role = (typeof roles)[number]

/** Every `resource:action` there is. What is not granted is denied. */
export const permissions = [
  "customers:read",
  "customers:write",
  "customers:bulk",
  "customers:import",
  "customers:export",
  "customers:merge",
  "customers:erase",
  "segments:write",
  "billing:read",
  "billing:write",
  "events:read",
  "events:replay",
  "automations:read",
  "automations:write",
  "templates:read",
  "templates:write",
  "outbox:read",
  "outbox:write",
  "jobs:read",
  "jobs:run",
  "leads:read",
  "leads:write",
  "tickets:read",
  "tickets:write",
  "tickets:manage",
  "suppressions:read",
  "suppressions:write",
  "settings:read",
  "settings:write",
  "staff:read",
  "staff:write",
  "apiKeys:read",
  "apiKeys:write",
  "audit:read",
] as const
export type Permission = (typeof permissions)[number]

const reading = permissions.filter(
  (permission) => permission.endsWith(":read") && !["staff:read", "apiKeys:read", "audit:read"].includes(permission),
)
const support: Permission[] = [
  ...reading,
  "customers:write",
  "segments:write",
  "leads:write",
  "suppressions:write",
  "outbox:write",
  "tickets:write",
]
const finance: Permission[] = [
  ...reading,
  "billing:write",
  "customers:write",
  "segments:write",
  "customers:export",
  "audit:read",
]
const ops: Permission[] = [
  ...new Set([...support, ...finance]),
  "customers:bulk",
  "customers:import",
  "customers:merge",
  "events:replay",
  "jobs:run",
  "automations:write",
  "templates:write",
  "settings:write",
  "tickets:manage",
  "staff:read",
]

const granted: Record<Role, ReadonlySet<Permission>> = {
  viewer: new Set(reading),
  support: new Set(support),
  finance: new Set(finance),
  ops: new Set(ops),
  owner: new Set(permissions),
}

export const permissionsOf = (role: Role): ReadonlySet<Permission> => granted[role]
