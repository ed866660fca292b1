import { randomUUID } from "node:crypto"
import type { EnrolmentRow, LoadedAutomation } from "../../shared/automation/loadAutomation.ts"
import type { AutomationPlan, PlanInput } from "../../shared/automation/planAutomation.ts"
import type { Action, Rule } from "../../shared/automation/ruleSchema.ts"
import type { Sequence } from "../../shared/automation/sequenceSchema.ts"
import type { Change, ChangeKind } from "../../shared/billing/change.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../../shared/billing/facts.ts"

export const hour = 3_600_000
export const day = 24 * hour
export const noon = new Date("2026-11-20T12:00:00Z")
export const later = (milliseconds: number) => new Date(noon.getTime() + milliseconds)

export const ada = "00000000-0000-4000-8000-00000000ada0"
export const bob = "00000000-0000-4000-8000-00000000b0b0"

export const aCustomer = (more: Partial<CustomerFacts> = {}): CustomerFacts => ({
  id: ada,
  stripeId: "cus_ada",
  email: "ada@example.com",
  name: "Ada",
  country: "DE",
  currency: "eur",
  locale: "en",
  timeZone: null,
  tags: ["vip"],
  stage: "active",
  delinquent: false,
  deleted: false,
  known: true,
  metadata: { "signup-source": "friend" },
  ...more,
})

export const aSubscription = (more: Partial<SubscriptionFacts> = {}): SubscriptionFacts => ({
  id: "sub_1",
  relevant: true,
  status: "active",
  plan: "Pro",
  products: ["prod_pro", "prod_backup"],
  prices: ["price_1"],
  intervals: ["month"],
  quantity: 2,
  currency: "eur",
  cancelScheduled: false,
  cancelAt: null,
  trialEnd: null,
  currentPeriodEnd: "2026-12-20T12:00:00.000Z",
  endedAt: null,
  paused: false,
  cancellationReason: null,
  metadata: {},
  ...more,
})

export const anInvoice = (more: Partial<InvoiceFacts> = {}): InvoiceFacts => ({
  id: "in_1",
  number: "A-1",
  status: "open",
  currency: "eur",
  total: 1190,
  amountDue: 1190,
  amountPaid: 0,
  amountRemaining: 1190,
  attemptCount: 1,
  nextPaymentAttempt: null,
  billingReason: "subscription_cycle",
  hostedInvoiceUrl: null,
  ...more,
})

/** Something that happened to Ada at noon; about her subscription and, where the kind says so, her invoice. */
export function aChange(kind: ChangeKind, more: Partial<Change> = {}): Change {
  const invoiceId = kind.startsWith("invoice.") ? (more.invoiceId ?? "in_1") : null
  const subscriptionId = kind.startsWith("invoice.") || kind.startsWith("subscription.") ? "sub_1" : null
  const subjectId = more.subjectId ?? invoiceId ?? subscriptionId ?? "re_1"
  return {
    kind,
    key: `${kind}:${subjectId}`,
    occurredAt: noon,
    eventId: `evt_${kind}`,
    customerId: ada,
    subjectId,
    subscriptionId,
    invoiceId,
    data: {},
    ...more,
  }
}

export const aRule = (id: string, changeKind: ChangeKind, actions: Action[], more: Partial<Rule> = {}): Rule => ({
  id,
  name: id,
  changeKind,
  condition: { all: [] },
  actions,
  enabled: true,
  version: 1,
  ...more,
})

export const aSequence = (id: string, more: Partial<Sequence> = {}): Sequence => ({
  id,
  name: id,
  mailClass: "transactional",
  steps: [
    { delay: { after: 0 }, template: "first" },
    { delay: { after: 3 * 24 * 60 }, template: "second" },
  ],
  exits: [],
  staleAfterHours: 48,
  enabled: true,
  version: 1,
  ...more,
})

export const automationOf = (rules: Rule[], sequences: Sequence[]): LoadedAutomation => ({
  rules,
  sequences: new Map(sequences.map((each) => [each.id, each])),
  enrolments: new Map(),
  fired: new Set(),
  departures: new Map(),
  problems: [],
})

export function aPlanInput(
  automation: LoadedAutomation,
  changes: Change[],
  more: {
    now?: Date
    customers?: CustomerFacts[]
    subscriptions?: SubscriptionFacts[]
    invoices?: InvoiceFacts[]
  } = {},
): PlanInput {
  const byId = <Facts extends { id: string }>(facts: Facts[]) => new Map(facts.map((each) => [each.id, each]))
  return {
    now: more.now ?? noon,
    newId: randomUUID,
    brandTimeZone: "Europe/Berlin",
    automation,
    changes,
    customers: byId(more.customers ?? [aCustomer()]),
    subscriptions: byId(more.subscriptions ?? [aSubscription()]),
    invoices: byId(more.invoices ?? [anInvoice()]),
  }
}

/** `sequence/subject: status`, sorted. */
export const standings = (rows: EnrolmentRow[]) =>
  rows.map((row) => `${row.sequenceId}/${row.subjectId}: ${row.status}`).sort()

export const mailsOf = (plan: AutomationPlan) => plan.outbox.map(({ templateId, status }) => `${templateId}: ${status}`)

/** As staff save it: the version is the database's. */
export const input = <Saved extends { version: number }>({ version: _, ...rest }: Saved): Omit<Saved, "version"> => rest
