import { beforeAll, expect, test } from "vitest"
import { describeWithSharedMaterial, stripeFixtures } from "../../support/sharedMaterial.ts"
import { useFakes } from "../support/useFakes.ts"
import { present } from "./present.ts"
import type { Kind } from "./wire.ts"

/** Fields of the SDK's API version that the published examples leave out, or show empty. */
const beyondExamples: Record<string, RegExp> = {
  subscription:
    /^(billing_mode\.flexible\.proration_discounts|cancellation_details\.feedback_option|items\.data\.current_trial|trial_settings\.end_behavior\.billing_cycle_anchor)$/,
  invoice: /^lines\.data\.pricing\.price_details/,
  payment_intent:
    /^(allowed_payment_method_types|payment_record|payment_method_options\.|last_payment_error\.|next_action\.)/,
  charge: /^(outcome\.risk_level|payment_method_details\.card\.electronic_commerce_indicator)$/,
  product: /^tax_details$/,
  dispute: /^(intended_submission_method|evidence_details\.submission_method)$/,
  invoice_payment: /^payment\.payment_intent$/,
  invoiceitem: /^(parent\.subscription_details\.subscription_item|pricing\.price_details)/,
  refund: /^destination_details\.card\.reference(_status)?$/,
}

/** Fields that Stripe itself shows only for some objects, or only when they are asked for. */
const notAlways: Record<string, string[]> = {
  charge: ["refunds"],
  invoice: ["subscription"],
}

const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)
const isHash = (value: unknown): value is Record<string, unknown> => typeOf(value) === "object"

/** Each way in which an object differs from the example of its kind. */
function differences(emitted: unknown, example: unknown, path: string, allowed: RegExp | undefined): string[] {
  if (allowed?.test(path)) return []
  if (emitted === null || example === null) return []
  if (typeOf(emitted) !== typeOf(example)) return [`${path}: ${typeOf(emitted)} instead of ${typeOf(example)}`]
  if (Array.isArray(emitted) && Array.isArray(example))
    return emitted.length > 0 && example.length > 0 ? differences(emitted[0], example[0], path, allowed) : []
  if (!isHash(emitted) || !isHash(example) || path.endsWith("metadata")) return []
  return Object.entries(emitted).flatMap(([key, value]) => {
    const inner = path ? `${path}.${key}` : key
    if (key in example) return differences(value, example[key], inner, allowed)
    return allowed?.test(inner) ? [] : [`${inner}: not in the example`]
  })
}

describeWithSharedMaterial("every object against the published example of its kind (needs ../shared)", () => {
  const fixtures = stripeFixtures()
  const stand = useFakes()
  const played = new Map<Kind, Record<string, unknown>[]>()

  const play = () => {
    const { stripe } = stand.fakes
    const customer = stripe.createCustomer({ email: "a@example.com", country: "DE", name: "Ada" }).id
    stripe.createCoupon({ id: "tenth", percentOff: 10, duration: "forever" })
    const first = stripe.subscribe({ customer, price: "price_starter_eur_month", coupon: "tenth" })
    stripe.changePlan(first.id, { price: "price_pro_eur_month" })
    stripe.failPayment(first.id)
    stripe.pay(first.id, "works")
    stripe.refund(first.latest_invoice ?? "", 100)
    const second = stripe.subscribe({ customer, price: "price_starter_eur_month", trialDays: 7 })
    stripe.failPayment(second.id, "authentication_required")
    stripe.cancel(second.id, { atPeriodEnd: true, feedback: "unused" })
    stripe.pauseCollection(second.id, true)
    const third = stripe.subscribe({ customer, price: "price_pro_eur_year" })
    stripe.dispute(third.latest_invoice ?? "")
  }

  const kinds: Kind[] = [
    "customer",
    "product",
    "price",
    "tax_rate",
    "coupon",
    "discount",
    "payment_method",
    "subscription",
    "invoice",
    "invoiceitem",
    "invoice_payment",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
  ]
  beforeAll(() => {
    stand.fakes.reset()
    play()
    for (const kind of kinds)
      played.set(
        kind,
        stand.fakes.stripe.all(kind).map((each) => present(each)),
      )
  })

  test.each(kinds)("%s", (kind) => {
    const example = fixtures[kind] ?? {}
    const emitted = played.get(kind) ?? []
    expect(emitted.length).toBeGreaterThan(0)
    for (const object of emitted) {
      expect(differences(object, example, "", beyondExamples[kind])).toEqual([])
      const missing = Object.keys(example).filter((key) => !(key in object) && !notAlways[kind]?.includes(key))
      expect(missing).toEqual([])
    }
  })

  test("event", () => {
    play()
    const example = Object.keys(fixtures.event ?? {})
    for (const event of stand.fakes.stripe.events) expect(Object.keys(event).toSorted()).toEqual(example.toSorted())
  })

  test("an event holds the object as the API shows it, and no other field", () => {
    play()
    for (const { type, data } of stand.fakes.stripe.events) {
      const kind = String(data.object.object)
      const fields = kind === "invoice" && type === "invoice.upcoming" ? { id: "", ...data.object } : data.object
      expect(differences(fields, fixtures[kind], "", beyondExamples[kind])).toEqual([])
    }
  })
})
