import { sql } from "drizzle-orm"
import { beforeAll, describe, expect, test } from "vitest"
import type { Condition } from "../../shared/automation/ruleSchema.ts"
import { type RuleInput, saveRule } from "../../shared/automation/saveRule.ts"
import { type SequenceInput, saveSequence } from "../../shared/automation/saveSequence.ts"
import { setEnabled } from "../../shared/automation/setEnabled.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { load, rows } from "./inDatabase.ts"
import { aRule, aSequence, day, input } from "./samples.ts"

const { db } = useDatabase()
const ctx = testContext({
  db,
  vendors: {},
  actor: { kind: "staff", id: "s1", email: "ops@example.com", name: "Ops", role: "ops" },
})

type Seen = { seenVersion: number }
const aRuleInput = (more: Partial<RuleInput & Seen> = {}): RuleInput & Seen => ({
  seenVersion: 0,
  ...input(aRule("greet", "subscription.activated", [{ do: "enrol", sequence: "greeting", subject: "subscription" }])),
  ...more,
})
const aSequenceInput = (more: Partial<SequenceInput & Seen> = {}): SequenceInput & Seen => ({
  seenVersion: 0,
  ...input(aSequence("greeting")),
  ...more,
})

beforeAll(async () => {
  await db.execute(sql`
    insert into templates (id, version, name, mail_class, updated_at) values ('first', 1, 'First', 'transactional', now()),
      ('second', 1, 'Second', 'transactional', now()), ('offer', 1, 'Offer', 'marketing', now())`)
  await saveSequence(ctx, aSequenceInput())
})

describe("a rule", () => {
  test("is kept as its next version each time it is saved", async () => {
    expect(await saveRule(ctx, aRuleInput())).toEqual({ version: 1 })
    ctx.clock.now = new Date(ctx.now().getTime() + day)
    const condition: Condition = {
      all: [
        { field: "customer.country", op: "in", value: ["DE", "SE"] },
        {
          any: [
            { field: "customer.tags", op: "contains", value: "vip" },
            { not: { field: "customer.email", op: "exists" } },
          ],
        },
        { field: "subscription.plan", op: "starts_with", value: "Pro" },
        { field: "subscription.products", op: "not_in", value: ["prod_free"] },
        { field: "customer.metadata.signup-source", op: "eq", value: "friend" },
        { field: "subscription.quantity", op: "gte", value: 2 },
        { field: "subscription.paused", op: "eq", value: false },
      ],
    }
    const changed = aRuleInput({ name: "Greet", condition, enabled: false, seenVersion: 1 })
    expect(await saveRule(ctx, changed)).toEqual({ version: 2 })
    expect(await rows(db, sql`select * from rules`)).toMatchObject([
      {
        id: "greet",
        name: "Greet",
        condition,
        enabled: false,
        version: 2,
        updated_at: expect.stringMatching("2026-11-21"),
      },
    ])
    await saveRule(ctx, aRuleInput({ seenVersion: 2 }))
    const { rules, problems } = await load(db, [])
    const { seenVersion: _, ...kept } = aRuleInput()
    expect(rules).toEqual([{ ...kept, version: 3 }])
    expect(problems).toEqual([])
  })

  test("is not overwritten by who saw another version, nor by a new one of its name", async () => {
    await saveRule(ctx, aRuleInput({ id: "shared" }))
    await setEnabled(ctx, { kind: "rule", id: "shared", enabled: false })
    const late = saveRule(ctx, aRuleInput({ id: "shared", name: "A typo less", seenVersion: 1 }))
    await expect(late).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("Somebody else") })
    await expect(saveRule(ctx, aRuleInput({ id: "shared" }))).rejects.toThrow(/There is a rule "shared" already/)
    await expect(saveRule(ctx, aRuleInput({ id: "gone", seenVersion: 3 }))).rejects.toMatchObject({ code: "conflict" })
    expect(await rows(db, sql`select name, enabled, version from rules where id in ('shared', 'gone')`)).toEqual([
      { name: aRuleInput().name, enabled: false, version: 2 },
    ])
    const audited = await rows(db, sql`select action from audit_log where subject_id = 'shared' order by at, action`)
    expect(audited.map(({ action }) => action).sort()).toEqual(["rule.paused", "rule.saved"])
    await db.execute(sql`delete from rules where id = 'shared'`)
  })

  test("saved by many at once from one version is saved by one of them", async () => {
    await saveRule(ctx, aRuleInput({ id: "raced" }))
    const tries = [1, 2, 3, 4].map((n) => saveRule(ctx, aRuleInput({ id: "raced", name: `Try ${n}`, seenVersion: 1 })))
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    await db.execute(sql`delete from rules where id = 'raced'`)
  })

  test.each<[string, Condition, RegExp]>([
    ["an unknown field", { field: "customer.shoeSize", op: "exists" }, /"customer\.shoeSize" is not a field/],
    ["a field of the prototype", { field: "customer.constructor", op: "exists" }, /not a field/],
    ["a path into a text", { field: "customer.name.length", op: "exists" }, /not a field/],
    ["metadata without a key", { field: "customer.metadata", op: "exists" }, /not a field/],
    ["an unknown field deep inside", { not: { any: [{ field: "change.amout", op: "exists" }] } }, /change\.amout/],
    ["an operator that does not fit", { field: "customer.delinquent", op: "gt", value: 1 }, /use one of eq, ne/],
    ["eq on a list", { field: "customer.tags", op: "eq", value: "vip" }, /use one of contains/],
    ["a text for a number", { field: "invoice.total", op: "gt", value: "100" }, /takes a number, not "100"/],
    ["one value where a list belongs", { field: "customer.country", op: "in", value: "DE" }, /takes a list of strings/],
    ["a list where one value belongs", { field: "customer.country", op: "eq", value: ["DE"] }, /takes a string/],
    ["a value for exists", { field: "customer.name", op: "exists", value: true }, /takes no value/],
    ["no value at all", { field: "customer.name", op: "eq" }, /takes a string/],
    ["more nesting than anyone reads", nested(11, { field: "customer.name", op: "exists" }), /nested deeper than 10/],
  ])("with %s in its condition is refused", async (_name, condition, message) => {
    await expect(saveRule(ctx, aRuleInput({ id: "bad", condition }))).rejects.toThrow(message)
    expect(await rows(db, sql`select from rules where id = 'bad'`)).toEqual([])
  })

  test("that names sequences that do not exist is refused, with every name", async () => {
    const actions: RuleInput["actions"] = [
      { do: "enrol", sequence: "greeting", subject: "customer", unlessIn: ["goodbye"] },
      { do: "leave", sequence: "hello", reason: "x" },
    ]
    const refused = saveRule(ctx, aRuleInput({ id: "bad", actions }))
    await expect(refused).rejects.toMatchObject({
      code: "bad_request",
      details: { problems: ['the sequence "goodbye" does not exist', 'the sequence "hello" does not exist'] },
    })
    expect(await rows(db, sql`select from rules where id = 'bad'`)).toEqual([])
  })

  test("that would notify staff twice of one change is refused", async () => {
    const notify = { do: "notify_staff" as const, message: "Look" }
    await expect(saveRule(ctx, aRuleInput({ id: "bad", actions: [notify, notify] }))).rejects.toThrow(
      /notifies staff once/,
    )
  })

  test.each([
    ["an id with spaces", { id: "a b" }, /id/],
    ["no name", { name: "" }, /name/],
    ["an unknown kind of change", JSON.parse('{"changeKind":"invoice.eaten"}'), /changeKind/],
    ["an unknown action", JSON.parse('{"actions":[{"do":"sell"}]}'), /actions/],
    ["a property that nobody knows", JSON.parse('{"priority":1}'), /priority|keys|Unrecognized|Invalid/],
  ])("with %s is refused", async (_name, more, message) => {
    await expect(saveRule(ctx, aRuleInput(more))).rejects.toThrow(message)
  })
})

describe("a sequence", () => {
  test("is kept as its next version each time it is saved", async () => {
    const steps: SequenceInput["steps"] = [
      { delay: { after: 60 }, template: "first" },
      { delay: { at: "09:00", days: 30 }, template: "offer" },
    ]
    const exits: SequenceInput["exits"] = [
      { when: { field: "customer.stage", op: "ne", value: "churned" }, reason: "is back" },
    ]
    const better = aSequenceInput({
      id: "better",
      mailClass: "marketing",
      steps,
      exits,
      staleAfterHours: 12,
      seenVersion: 1,
    })
    expect(await saveSequence(ctx, aSequenceInput({ id: "better" }))).toEqual({ version: 1 })
    expect(await saveSequence(ctx, better)).toEqual({ version: 2 })
    const { seenVersion: _, ...kept } = better
    expect((await load(db, [])).sequences.get("better")).toEqual({ ...kept, version: 2 })
    await expect(saveSequence(ctx, better)).rejects.toMatchObject({ code: "conflict" })
    await expect(saveSequence(ctx, aSequenceInput({ id: "better" }))).rejects.toThrow(/There is a sequence "better"/)
  })

  test.each<[string, Partial<SequenceInput>, RegExp]>([
    [
      "a template that does not exist",
      { steps: [{ delay: { after: 0 }, template: "third" }] },
      /"third" does not exist/,
    ],
    [
      "a marketing mail nobody could unsubscribe from",
      { steps: [{ delay: { after: 0 }, template: "offer" }] },
      /"offer" is marketing/,
    ],
    ["no steps", { steps: [] }, /steps/],
    ["a negative delay", { steps: [{ delay: { after: -5 }, template: "first" }] }, /steps\.0\.delay/],
    [
      "a time of day that there is not",
      { steps: [{ delay: { at: "25:00", days: 1 }, template: "first" }] },
      /steps\.0\.delay/,
    ],
    [
      "an exit that names an unknown field",
      { exits: [{ when: { field: "invoice.state", op: "exists" }, reason: "x" }] },
      /invoice\.state/,
    ],
    ["no patience at all", { staleAfterHours: 0 }, /staleAfterHours/],
  ])("with %s is refused", async (_name, more, message) => {
    await expect(saveSequence(ctx, aSequenceInput({ id: "bad", ...more }))).rejects.toThrow(message)
    expect(await rows(db, sql`select from sequences where id = 'bad'`)).toEqual([])
  })
})

function nested(depth: number, inner: Condition): Condition {
  return depth === 0 ? inner : { not: nested(depth - 1, inner) }
}
