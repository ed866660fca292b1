import { ownedBy } from "../snapshot.ts"
import { readTaxId } from "../stripe/catalogue.ts"
import { readCustomer } from "../stripe/customer.ts"
import { idOf, requiredText, text } from "../stripe/read.ts"
import { type Interpret, type Interpretation, nothing, type StripeEvent } from "./interpretation.ts"

function created(event: StripeEvent): Interpretation {
  const snapshot = readCustomer(event.object)
  return {
    ...nothing,
    owner: snapshot.owner,
    snapshots: [snapshot],
    timeline: [{ kind: "customer.created", key: snapshot.id, data: {} }],
    changes: [
      {
        kind: "customer.created",
        key: snapshot.id,
        subjectId: snapshot.id,
        subscriptionId: null,
        invoiceId: null,
        data: {},
      },
    ],
  }
}

/** Fields whose change a person would want to see, by Stripe's names. */
const toldFields = ["email", "name", "phone", "address", "currency", "delinquent", "preferred_locales", "tax_exempt"]

function updated(event: StripeEvent): Interpretation {
  const snapshot = readCustomer(event.object)
  const fields = toldFields.filter((field) => field in event.previous)
  return {
    ...nothing,
    owner: snapshot.owner,
    snapshots: [snapshot],
    timeline: fields.length > 0 ? [{ kind: "customer.updated", key: event.id, data: { fields } }] : [],
  }
}

function deleted(event: StripeEvent): Interpretation {
  const id = requiredText(event.object, "id")
  return {
    ...nothing,
    owner: ownedBy(id),
    customerDeleted: true,
    timeline: [{ kind: "customer.deleted", key: id, data: {} }],
  }
}

const taxId =
  (what: "added" | "updated" | "removed"): Interpret =>
  (event) => {
    const owner = ownedBy(idOf(event.object, "customer"))
    const data = { type: text(event.object, "type"), value: text(event.object, "value") }
    return {
      ...nothing,
      owner,
      snapshots: [readTaxId(event.object, what === "removed")],
      timeline: owner ? [{ kind: `tax_id.${what}`, key: event.id, data }] : [],
    }
  }

export const customerEvents: Record<string, Interpret> = {
  "customer.created": created,
  "customer.updated": updated,
  "customer.deleted": deleted,
  "customer.tax_id.created": taxId("added"),
  "customer.tax_id.updated": taxId("updated"),
  "customer.tax_id.deleted": taxId("removed"),
  "customer.source.created": "Cards come as payment methods.",
  "customer.source.updated": "Cards come as payment methods.",
  "customer.source.deleted": "Cards come as payment methods.",
  "customer.source.expiring": "Cards come as payment methods; their expiry is recorded with them.",
  "customer.discount.created": "Discounts come with the subscription they lower.",
  "customer.discount.updated": "Discounts come with the subscription they lower.",
  "customer.discount.deleted": "Discounts come with the subscription they lower.",
}
