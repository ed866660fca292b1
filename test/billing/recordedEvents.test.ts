import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { describeWithSharedMaterial, recordedEvents, stripeFixtures } from "../support/sharedMaterial.ts"
import { play, statuses, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

describeWithSharedMaterial("events recorded from Stripe (needs ../shared)", () => {
  test("each of the 71 recorded events applies or is not relevant; none fails", async () => {
    const ctx = testContext({ db, vendors: { stripe: stripeWith() } })
    // The recordings share event ids, which Stripe's events never do.
    const events = recordedEvents().map(({ file, event }) => ({ ...event, id: `evt_${file}` }))
    expect(events).toHaveLength(71)
    await play(ctx, events)

    const found = await statuses(db)
    expect(Object.keys(found)).toHaveLength(71)
    const unwanted = Object.entries(found).filter(([, status]) => status !== "applied" && !status.startsWith("ignored"))
    expect(unwanted).toEqual([])
    const applied = Object.entries(found)
      .filter(([, status]) => status === "applied")
      .map(([id]) => id)
    expect(applied).toContain("evt_subscription_created.json")
    expect(applied).toContain("evt_invoice_paid.json")
    expect(applied).toContain("evt_charge_failed.json")
    const subscription = await db.execute(
      sql`select status, ended_at from subscriptions where id = 'sub_JdIzvfy6o5GZRd'`,
    )
    expect(subscription.rows).toMatchObject([{ status: "canceled" }])
  })

  test("every object of the newest API version, wrapped as an event, applies or is not relevant", async () => {
    const ctx = testContext({ db, vendors: { stripe: stripeWith() } })
    const names: Record<string, string[]> = {
      subscription: ["customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted"],
      customer: ["customer.created", "customer.updated", "customer.deleted"],
      deleted_customer: ["customer.deleted"],
      tax_id: ["customer.tax_id.created"],
      dispute: ["charge.dispute.created", "charge.dispute.closed"],
      charge: ["charge.succeeded", "charge.failed", "charge.refunded"],
      invoice: [
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "invoice.voided",
      ],
      payment_intent: ["payment_intent.succeeded", "payment_intent.payment_failed"],
      payment_method: ["payment_method.attached", "payment_method.detached"],
      invoice_payment: ["invoice_payment.paid"],
      refund: ["refund.created", "refund.failed"],
    }
    const events = Object.entries(stripeFixtures()).flatMap(([name, object]) =>
      (names[name] ?? [`${name}.updated`, `${name}.created`]).map((type, index) => ({
        id: `evt_fixture_${name}_${index}`,
        object: "event",
        type,
        created: 1_760_000_000,
        livemode: false,
        api_version: "2026-10-28.endive",
        data: { object },
      })),
    )
    await play(ctx, events)
    const found = Object.entries(await statuses(db)).filter(([id]) => id.startsWith("evt_fixture_"))
    expect(found).toHaveLength(events.length)
    expect(found.filter(([, status]) => status !== "applied" && !status.startsWith("ignored"))).toEqual([])
    expect(found.filter(([, status]) => status === "applied").length).toBeGreaterThan(15)
  })
})
