import type { Change } from "../billing/change.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../billing/facts.ts"
import { type AutomationPlan, emptyPlan } from "./automationPlan.ts"
import { dataOf, scalarsOf } from "./changeData.ts"
import { type Departure, ends } from "./departures.ts"
import { customerTimeZone } from "./dueAt.ts"
import { type ConditionFacts, evaluateCondition } from "./evaluateCondition.ts"
import { exitOf } from "./exitOf.ts"
import { type EnrolmentRow, firingKey, type LoadedAutomation } from "./loadAutomation.ts"
import { planSteps } from "./planSteps.ts"
import type { Action, Rule } from "./ruleSchema.ts"
import { subjectOf } from "./subjectOf.ts"

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
 * once per sequence and subject, and who meets an exit condition leaves, whatever was learnt first. Changes are taken
 * in the order in which they happened, the rules of one change by id, the actions of one rule as written.
 */
export function planAutomation(input: PlanInput): AutomationPlan {
  const planner = new Planner(input)
  const rules = Map.groupBy(
    input.automation.rules.toSorted((a, b) => compare(a.id, b.id)),
    (rule) => rule.changeKind,
  )
  const changes = input.changes.toSorted(
    (a, b) =>
      a.occurredAt.getTime() - b.occurredAt.getTime() ||
      compare(a.key, b.key) ||
      compare(a.eventId ?? "", b.eventId ?? ""),
  )
  for (const change of changes) for (const rule of rules.get(change.kind) ?? []) planner.consider(rule, change)
  return planner.finish()
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

type ActionOf<Kind extends Action["do"]> = Extract<Action, { do: Kind }>

class Planner {
  private readonly plan = emptyPlan()
  private readonly input: PlanInput
  /** With the tags that this plan adds and removes. */
  private readonly customers: Map<string, CustomerFacts>
  private readonly fired: Set<string>
  private readonly enrolments: Map<string, EnrolmentRow[]>
  private readonly departures: Map<string, Departure[]>
  private readonly begun: EnrolmentRow[] = []

  constructor(input: PlanInput) {
    const { automation } = input
    this.input = input
    this.customers = new Map(input.customers)
    this.fired = new Set(automation.fired)
    this.enrolments = new Map([...automation.enrolments].map(([id, rows]) => [id, rows.map((row) => ({ ...row }))]))
    this.departures = new Map([...automation.departures].map(([id, each]) => [id, [...each]]))
  }

  consider(rule: Rule, change: Change): void {
    const key = firingKey(rule.id, change.key)
    if (this.fired.has(key)) return
    const facts = this.factsOf(change.customerId, change.subscriptionId, change.invoiceId, dataOf(change))
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
    for (const action of rule.actions) this.act(action, rule, change)
  }

  /** Lets go who meets an exit condition, then plans the mails of those who began and stay. */
  finish(): AutomationPlan {
    for (const customerId of this.customers.keys())
      for (const row of this.enrolments.get(customerId) ?? []) {
        const facts = this.factsOf(customerId, row.subscriptionId, row.invoiceId, row.changeData)
        const exits = this.input.automation.sequences.get(row.sequenceId)?.exits ?? []
        const reason = facts && exitOf(exits, facts, row)
        if (reason) this.exit(row, reason)
      }
    for (const row of this.begun) this.planMails(row)
    return this.plan
  }

  private act(action: Action, rule: Rule, change: Change): void {
    switch (action.do) {
      case "enrol":
        this.enrol(action, rule, change)
        return
      case "leave":
        this.leave(action, change)
        return
      case "add_tag":
      case "remove_tag":
        this.tag(change.customerId, action.tag, action.do === "add_tag")
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

  private enrol(action: ActionOf<"enrol">, rule: Rule, change: Change): void {
    const sequence = this.input.automation.sequences.get(action.sequence)
    if (!sequence?.enabled) return
    const subjectId = subjectOf(action.subject, change)
    const mine = this.enrolments.get(change.customerId) ?? []
    const inSequence = (id: string) => mine.some((row) => row.sequenceId === id && row.subjectId === subjectId)
    if (inSequence(sequence.id)) return

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
      changeData: dataOf(change),
      startedAt: change.occurredAt,
      status: "active",
      exitReason: null,
      endedAt: null,
    }
    this.enrolments.set(change.customerId, [...mine, row])
    this.begun.push(row)
    const instead = action.unlessIn?.find(inSequence)
    if (instead) this.exit(row, `the sequence "${instead}" is about the same`)
    const departure = this.departures
      .get(change.customerId)
      ?.find((each) => each.changeKey !== change.key && ends(each, row))
    if (departure) this.exit(row, departure.reason)
  }

  private leave(action: ActionOf<"leave">, change: Change): void {
    const departure: Departure = {
      sequenceId: action.sequence,
      reason: action.reason,
      all: action.all ?? false,
      at: change.occurredAt,
      changeKey: change.key,
      subjectId: change.subjectId,
      subscriptionId: change.subscriptionId,
      invoiceId: change.invoiceId,
    }
    this.departures.set(change.customerId, [...(this.departures.get(change.customerId) ?? []), departure])
    for (const row of this.enrolments.get(change.customerId) ?? [])
      if (ends(departure, row)) this.exit(row, action.reason)
  }

  private tag(customerId: string, tag: string, add: boolean): void {
    this.plan.tags.push({ customerId, tag, add })
    const customer = this.customers.get(customerId)
    if (!customer) return
    const others = customer.tags.filter((each) => each !== tag)
    this.customers.set(customerId, { ...customer, tags: add ? [...others, tag] : others })
  }

  private exit(row: EnrolmentRow, reason: string): void {
    if (row.status !== "active") return
    row.status = "exited"
    row.exitReason = reason
    row.endedAt = this.input.now
    if (!this.begun.includes(row)) this.plan.exits.push({ enrolmentId: row.id, reason, at: this.input.now })
  }

  private planMails(enrolment: EnrolmentRow): void {
    const sequence = this.input.automation.sequences.get(enrolment.sequenceId)
    const customer = this.customers.get(enrolment.customerId)
    if (!sequence || !customer) return
    const timeZone = customerTimeZone(customer, this.input.brandTimeZone)
    const mails = planSteps({ enrolment, sequence, timeZone, now: this.input.now, newId: this.input.newId })
    if (enrolment.status === "active" && !mails.some(({ status }) => status === "due")) {
      enrolment.status = "completed"
      enrolment.endedAt = this.input.now
    }
    this.plan.enrolments.push(enrolment)
    this.plan.outbox.push(...mails)
  }

  private factsOf(
    customerId: string,
    subscriptionId: string | null,
    invoiceId: string | null,
    change: Record<string, unknown>,
  ): ConditionFacts | null {
    const customer = this.customers.get(customerId)
    if (!customer) return null
    const subscription = subscriptionId ? this.input.subscriptions.get(subscriptionId) : null
    const invoice = invoiceId ? this.input.invoices.get(invoiceId) : null
    return { customer, subscription: subscription ?? null, invoice: invoice ?? null, change: scalarsOf(change) }
  }
}
