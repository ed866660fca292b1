import { sql } from "drizzle-orm"
import fc from "fast-check"
import { expect, test } from "vitest"
import { evaluateCondition } from "../../shared/automation/evaluateCondition.ts"
import { customerFacts } from "../../shared/billing/factsOf.ts"
import {
  lintComparison,
  type SegmentComparison,
  type SegmentCondition,
  segmentCondition,
} from "../../shared/customers/segmentCondition.ts"
import { segmentConditions } from "../../shared/customers/segmentConditions.ts"
import { segmentSql } from "../../shared/customers/segmentSql.ts"
import { insertRows } from "../../shared/db/bulk.ts"
import { customers, stages } from "../../shared/db/schema/billing.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

/** Few values, so that they meet. */
const text = fc.constantFrom("a", "ab", "b", "A", "%", "_", "\\", "' or 1=1 --", '"><script>', "\u202Eb", "😀", "")
const row = fc.record({
  id: fc.uuid(),
  email: fc.option(text),
  name: fc.option(text),
  country: fc.option(fc.constantFrom("SE", "DE")),
  currency: fc.option(fc.constantFrom("eur", "usd")),
  locale: fc.option(text),
  timeZone: fc.option(text),
  tags: fc.array(text, { maxLength: 3 }),
  stage: fc.constantFrom(...stages),
  delinquent: fc.boolean(),
})
const value = text.filter((each) => each !== "")
const values = fc.array(value, { minLength: 1, maxLength: 3 })
const comparison: fc.Arbitrary<SegmentComparison> = fc.oneof(
  fc.record({
    field: fc.constantFrom(
      "customer.email",
      "customer.name",
      "customer.country",
      "customer.locale",
      "customer.timeZone",
    ),
    op: fc.constantFrom("eq", "ne", "contains", "not_contains", "starts_with"),
    value: fc.oneof(value, fc.constantFrom("SE", "DE")),
  }),
  fc.record({
    field: fc.constantFrom("customer.email", "customer.name", "customer.tags"),
    op: fc.constantFrom("in", "not_in"),
    value: values,
  }),
  fc.record({
    field: fc.constantFrom("customer.name", "customer.currency"),
    op: fc.constantFrom("exists", "not_exists"),
  }),
  fc.record({ field: fc.constant("customer.tags"), op: fc.constantFrom("contains", "not_contains"), value }),
  fc.record({
    field: fc.constant("customer.stage"),
    op: fc.constantFrom("in", "not_in"),
    value: fc.array(fc.constantFrom(...stages), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ field: fc.constant("customer.delinquent"), op: fc.constantFrom("eq", "ne"), value: fc.boolean() }),
)
const condition: fc.Arbitrary<SegmentCondition> = fc
  .tuple(fc.boolean(), fc.array(comparison, { minLength: 1, maxLength: 4 }))
  .map(([all, each]) => (all ? { all: each } : { any: each }))

const found = async (given: SegmentCondition) =>
  (
    await db.execute<{ id: string }>(sql`select c.id from customers c where ${segmentSql(given)} order by c.id`)
  ).rows.map(({ id }) => id)

test("a segment holds whom a rule's condition holds for, whatever the customers and the condition", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 20, maxLength: 40 }),
      fc.array(condition, { minLength: 20, maxLength: 20 }),
      async (rows, conditions) => {
        const stamp = {
          createdAt: new Date(),
          syncedAt: new Date(),
          syncedOrder: "",
          digest: "",
          settled: false,
          version: 0,
          metadata: {},
        }
        await db.execute(sql`truncate customers cascade`)
        await db.execute(
          insertRows(
            customers,
            rows.map((each) => ({ ...each, ...stamp })),
          ).statement,
        )
        const kept = await db.select().from(customers)
        for (const each of conditions) {
          expect(segmentCondition.parse(each)).toEqual(each)
          const expected = kept.filter((customer) =>
            evaluateCondition(each, {
              customer: customerFacts(customer),
              subscription: null,
              invoice: null,
              change: {},
            }),
          )
          expect([each, await found(each)]).toEqual([each, expected.map(({ id }) => id).toSorted()])
        }
      },
    ),
    { numRuns: 15, seed: 11 },
  )
}, 60_000)

test("what is asked of subscriptions, of MRR and of days holds for who has such a one", async () => {
  await db.execute(sql`truncate customers cascade`)
  const [never, trial, leaving, gone] = ["1", "2", "3", "4"].map((each) =>
    each.repeat(8).concat("-0000-4000-8000-000000000000"),
  )
  await db.execute(sql`insert into customers (id, created_at, synced_at, synced_order, digest)
    select id::uuid, at::timestamptz, now(), '', '' from (values (${never}, '2026-01-01'), (${trial}, '2026-02-01'), (${leaving}, '2026-03-01'), (${gone}, '2026-03-01 23:59:59.999Z')) v(id, at)`)
  await db.execute(sql`insert into subscriptions (id, customer_id, status, relevant, cancel_at_period_end, trial_end, ended_at, started_at, currency, synced_at, synced_order, digest)
    select v.id, customer::uuid, status, relevant, leaving, trial_end::timestamptz, ended_at::timestamptz, now(), 'eur', now(), '', ''
    from (values ('s2', ${trial}, 'trialing', true, false, '2026-02-15', null), ('s3', ${leaving}, 'active', true, true, null, null),
      ('s4', ${gone}, 'canceled', true, true, null, '2026-04-01'), ('other', ${never}, 'active', false, false, null, null)
    ) v(id, customer, status, relevant, leaving, trial_end, ended_at)`)
  await db.execute(
    sql`insert into subscription_items (id, subscription_id, product_id, interval) values ('i2', 's2', 'prod_a', 'month'), ('i3', 's3', 'prod_b', 'year')`,
  )
  await db.execute(sql`insert into customer_mrr values (${leaving}, 'eur', 1990), (${leaving}, 'jpy', 1200)`)
  const cases: [SegmentComparison, (string | undefined)[]][] = [
    [{ field: "subscription.status", op: "in", value: ["active", "trialing"] }, [trial, leaving]],
    [{ field: "subscription.status", op: "not_in", value: ["active", "trialing"] }, [never, gone]],
    [{ field: "subscription.products", op: "in", value: ["prod_a"] }, [trial]],
    [{ field: "subscription.intervals", op: "not_contains", value: "year" }, [never, trial, gone]],
    [{ field: "subscription.cancelScheduled", op: "eq", value: true }, [leaving]],
    [{ field: "subscription.trialEnd", op: "gte", value: "2026-02-15" }, [trial]],
    [{ field: "subscription.trialEnd", op: "lt", value: "2026-02-15" }, []],
    [{ field: "subscription.trialEnd", op: "not_exists" }, [never, leaving, gone]],
    [{ field: "mrr.eur", op: "gte", value: 19.9 }, [leaving]],
    [{ field: "mrr.eur", op: "gt", value: 19.9 }, []],
    [{ field: "mrr.jpy", op: "eq", value: 1200 }, [leaving]],
    [{ field: "mrr.usd", op: "not_exists" }, [never, trial, leaving, gone]],
    [{ field: "customer.createdAt", op: "lt", value: "2026-03-01" }, [never, trial]],
    [{ field: "customer.createdAt", op: "gte", value: "2026-03-01" }, [leaving, gone]],
  ]
  for (const [each, expected] of cases) {
    expect([each, lintComparison(each)]).toEqual([each, null])
    expect([each, await found({ all: [each] })]).toEqual([each, expected])
  }
  const [first, second] = [cases[0]?.[0], cases[2]?.[0]]
  if (first && second) {
    expect(await found({ all: [first, second] })).toEqual([trial])
    expect(await found({ any: [first, second] })).toEqual([trial, leaving])
  }
})

test.each([
  [{ field: "customer.secret", op: "eq", value: "x" }],
  [{ field: "__proto__", op: "eq", value: "x" }],
  [{ field: "mrr.eur'", op: "eq", value: 1 }],
  [{ field: "customer.name", op: "gt", value: "x" }],
  [{ field: "customer.name", op: "eq", value: ["x"] }],
  [{ field: "customer.name", op: "exists", value: "x" }],
  [{ field: "customer.stage", op: "in", value: ["nowhere"] }],
  [{ field: "customer.createdAt", op: "gte", value: "2026-02-30" }],
  [{ field: "customer.createdAt", op: "gte", value: "0000-01-01" }],
  [{ field: "customer.delinquent", op: "eq", value: "yes" }],
  [{ field: "mrr.eur", op: "gte", value: 1e300 }],
] as [SegmentComparison][])("%j means nothing, and the reason is told", (each) => {
  expect(lintComparison(each)).toEqual(expect.any(String))
})

test("a segment that there is not is not found", async () => {
  const ctx = testContext({ db, vendors: {} })
  await expect(segmentConditions(ctx, { segment: crypto.randomUUID() })).rejects.toMatchObject({ code: "not_found" })
})
