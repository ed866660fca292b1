import type { Change } from "../billing/change.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../billing/facts.ts"
import { type AutomationPlan, emptyPlan } from "./automationPlan.ts"
import { customerTimeZone } from "./dueAt.ts"
import { type ConditionFacts, evaluateCondition } from "./evaluateCondition.ts"
import { type EnrolmentRow, firingKey, type LoadedAutomation } from "./loadAutomation.ts"
import { planSteps } from "./planSteps.ts"
import type { Action, Rule } from "./ruleSchema.ts"

export type { AutomationPlan } from "./automationPlan.ts"

export interface PlanInput {
  now: Date
  newId: () => string
  brandTimeZone: string
  automation: LoadedAutomation
  changes: Change[]
  /** By our customer id. */
  customers: Map<string, CustomerFacts>
  subscriptions: Map<string, SubscriptionFacts>
  invoices: Map<string, InvoiceFacts>
}

/**
 * What the rules make of these changes. Pure but for `newId`. A rule fires once per change key, a customer is enrolled
 * once per sequence and subject, and who meets an exit condition leaves, whatever was learnt first.
 */
export function planAutomation(input: PlanInput): AutomationPlan {
  const planner = new Planner(input)
  const changes = [...input.changes].sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.key < b.key ? -1 : 1),
  )
  for (const change of changes)
    for (const rule of input.automation.rules) if (rule.changeKind === change.kind) planner.consider(rule, change)
  planner.exitWhoMeetsACondition()
  return planner.plan
}

class Planner {
  readonly plan = emptyPlan()
  private readonly input: PlanInput
  private readonly fired: Set<string>
  private readonly enrolments: Map<string, EnrolmentRow[]>
  private readonly left = new Set<string>()

  constructor(input: PlanInput) {
    this.input = input
    this.fired = new Set(input.automation.fired)
    this.enrolments = new Map([...input.automation.enrolments].map(([id, rows]) => [id, [...rows]]))
  }

  consider(rule: Rule, change: Change): void {
    const key = firingKey(rule.id, change.key)
    if (this.fired.has(key)) return
    const facts = this.factsOf(change.customerId, change.subscriptionId, change.invoiceId, {
      ...change.data,
      kind: change.kind,
    })
    if (!facts || !evaluateCondition(rule.condition, facts)) return
    this.fired.add(key)
    this.plan.firings.push({
      id: this.input.newId(),
      ruleId: rule.id,
      ruleVersion: rule.version,
      changeKey: change.key,
      changeKind: change.kind,
      eventId: change.eventId,
      customerId: change.customerId,
      occurredAt: change.occurredAt,
      firedAt: this.input.now,
      actions: rule.actions,
    })
    for (const action of rule.actions) this.act(action, rule, change, facts)
  }

  private act(action: Action, rule: Rule, change: Change, facts: ConditionFacts): void {
    switch (action.do) {
      case "enrol":
        this.enrol(action, rule, change, facts)
        return
      case "leave":
        for (const row of this.activeIn(change.customerId))
          if (row.sequenceId === action.sequence && concerns(row, change)) this.exit(row, action.reason)
        return
      case "add_tag":
      case "remove_tag":
        this.plan.tags.push({ customerId: change.customerId, tag: action.tag, add: action.do === "add_tag" })
        return
      case "notify_staff":
        this.plan.notifications.push({
          id: this.input.newId(),
          key: `${rule.id}:${change.key}`,
          customerId: change.customerId,
          message: action.message,
          createdAt: this.input.now,
        })
    }
  }

  private enrol(action: Extract<Action, { do: "enrol" }>, rule: Rule, change: Change, facts: ConditionFacts): void {
    const sequence = this.input.automation.sequences.get(action.sequence)
    if (!sequence?.enabled) return
    const subjectId = subjectOf(action.subject, change)
    const mine = this.enrolments.get(change.customerId) ?? []
    if (mine.some((row) => row.sequenceId === sequence.id && row.subjectId === subjectId)) return

    const exit = sequence.exits.find(({ when }) => evaluateCondition(when, facts))
    const row: EnrolmentRow = {
      id: this.input.newId(),
      sequenceId: sequence.id,
      customerId: change.customerId,
      subjectId,
      subscriptionId: change.subscriptionId,
      invoiceId: change.invoiceId,
      ruleId: rule.id,
      ruleVersion: rule.version,
      changeKey: change.key,
      eventId: change.eventId,
      changeData: change.data,
      startedAt: change.occurredAt,
      status: exit ? "exited" : "active",
      exitReason: exit?.reason ?? null,
      endedAt: exit ? this.input.now : null,
    }
    this.enrolments.set(change.customerId, [...mine, row])
    this.plan.enrolments.push(row)
    this.plan.outbox.push(
      ...planSteps({
        enrolment: row,
        sequence,
        timeZone: customerTimeZone(facts.customer, this.input.brandTimeZone),
        now: this.input.now,
        newId: this.input.newId,
      }),
    )
  }

  exitWhoMeetsACondition(): void {
    for (const customerId of this.input.customers.keys())
      for (const row of this.activeIn(customerId)) {
        const facts = this.factsOf(customerId, row.subscriptionId, row.invoiceId, row.changeData)
        const exits = this.input.automation.sequences.get(row.sequenceId)?.exits ?? []
        const exit = facts && exits.find(({ when }) => evaluateCondition(when, facts))
        if (exit) this.exit(row, exit.reason)
      }
  }

  private activeIn(customerId: string): EnrolmentRow[] {
    const rows = this.enrolments.get(customerId) ?? []
    return rows.filter((row) => row.status === "active" && !this.left.has(row.id))
  }

  private exit(row: EnrolmentRow, reason: string): void {
    this.left.add(row.id)
    this.plan.exits.push({ enrolmentId: row.id, reason, at: this.input.now })
  }

  private factsOf(
    customerId: string,
    subscriptionId: string | null,
    invoiceId: string | null,
    change: Record<string, unknown>,
  ): ConditionFacts | null {
    const customer = this.input.customers.get(customerId)
    if (!customer) return null
    return {
      customer,
      subscription: (subscriptionId && this.input.subscriptions.get(subscriptionId)) || null,
      invoice: (invoiceId && this.input.invoices.get(invoiceId)) || null,
      change: scalars(change),
    }
  }
}

const scalars = (data: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string | number | boolean] =>
        typeof entry[1] === "string" || typeof entry[1] === "number" || typeof entry[1] === "boolean",
    ),
  )

function subjectOf(subject: "customer" | "subscription" | "invoice" | "change", change: Change): string {
  switch (subject) {
    case "customer":
      return change.customerId
    case "subscription":
      return change.subscriptionId ?? change.subjectId
    case "invoice":
      return change.invoiceId ?? change.subjectId
    case "change":
      return change.subjectId
  }
}

/** A change about one invoice or subscription ends only the enrolments about the same. */
const concerns = (row: EnrolmentRow, change: Change) =>
  (change.invoiceId === null || row.invoiceId === null || row.invoiceId === change.invoiceId) &&
  (change.subscriptionId === null || row.subscriptionId === null || row.subscriptionId === change.subscriptionId)
