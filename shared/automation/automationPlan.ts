import type { enrolments, ruleFirings } from "../db/schema/automation.ts"
import type { emailOutbox } from "../db/schema/email.ts"

/** The columns of an outbox row that are known when a step is planned; the sender fills in the rest. */
export type PlannedEmail = Pick<
  typeof emailOutbox.$inferSelect,
  | "id"
  | "dedupeKey"
  | "customerId"
  | "enrolmentId"
  | "step"
  | "templateId"
  | "mailClass"
  | "priority"
  | "dueAt"
  | "staleAt"
  | "status"
  | "reason"
  | "createdAt"
>

/** What the rules make of a batch of changes, to be written with it. */
export interface AutomationPlan {
  firings: (typeof ruleFirings.$inferSelect)[]
  enrolments: (typeof enrolments.$inferSelect)[]
  outbox: PlannedEmail[]
  exits: { enrolmentId: string; reason: string; at: Date }[]
  /** In the order in which they are to happen. */
  tags: { customerId: string; tag: string; add: boolean }[]
  notifications: { id: string; key: string; customerId: string; message: string; createdAt: Date }[]
}

export const emptyPlan = (): AutomationPlan => ({
  firings: [],
  enrolments: [],
  outbox: [],
  exits: [],
  tags: [],
  notifications: [],
})
