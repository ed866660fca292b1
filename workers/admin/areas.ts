import { type Permission, permissionsOf } from "../../shared/staff/roles.ts"
import type { newPages, StaffActor } from "./adminApp.ts"
import { auditPages } from "./pages/audit/audit.tsx"
import { automationsPages } from "./pages/automations/automations.tsx"
import { customersPages } from "./pages/customers/customers.tsx"
import { eventsPages } from "./pages/events/events.tsx"
import { jobsPages } from "./pages/jobs/jobs.tsx"
import { noticesPages } from "./pages/notices.tsx"
import { outboxPages } from "./pages/outbox/outbox.tsx"
import { settingsPages } from "./pages/settings/settings.tsx"
import { staffPages } from "./pages/staff/staff.tsx"
import { templatesPages } from "./pages/templates/templates.tsx"
import { ticketsPages } from "./pages/tickets/tickets.tsx"
import { todayPages } from "./pages/today.tsx"

export interface Area {
  path: `/${string}`
  /** As the navigation calls it. */
  label: string
  /** Key that goes there after "g". */
  shortcut: string
  /** Who does not have it does not see the area; the verbs behind its pages refuse by themselves. */
  permission: Permission
  pages: ReturnType<typeof newPages>
}

/** The navigation, in order. Adding an area is a line here. */
export const areas: Area[] = [
  { path: "/", label: "Today", shortcut: "t", permission: "customers:read", pages: todayPages },
  { path: "/notices", label: "Notices", shortcut: "n", permission: "customers:read", pages: noticesPages },
  { path: "/customers", label: "Customers", shortcut: "c", permission: "customers:read", pages: customersPages },
  { path: "/tickets", label: "Tickets", shortcut: "k", permission: "tickets:read", pages: ticketsPages },
  {
    path: "/automations",
    label: "Automations",
    shortcut: "a",
    permission: "automations:read",
    pages: automationsPages,
  },
  { path: "/templates", label: "Templates", shortcut: "m", permission: "templates:read", pages: templatesPages },
  { path: "/outbox", label: "Outbox", shortcut: "o", permission: "outbox:read", pages: outboxPages },
  { path: "/events", label: "Events", shortcut: "e", permission: "events:read", pages: eventsPages },
  { path: "/jobs", label: "Jobs", shortcut: "j", permission: "jobs:read", pages: jobsPages },
  { path: "/settings", label: "Settings", shortcut: "s", permission: "settings:read", pages: settingsPages },
  { path: "/staff", label: "Staff", shortcut: "f", permission: "staff:read", pages: staffPages },
  { path: "/audit", label: "Audit log", shortcut: "l", permission: "audit:read", pages: auditPages },
]

export const visibleAreas = (staff: StaffActor): Area[] =>
  areas.filter(({ permission }) => permissionsOf(staff.role).has(permission))
