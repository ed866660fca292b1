import { ownedBy, type Snapshot } from "../snapshot.ts"
import { currency, flag, list, metadata, type Payload, part, requiredText, text, time } from "./read.ts"

export function readCustomer(payload: Payload): Snapshot<"customers"> {
  const id = requiredText(payload, "id")
  return {
    table: "customers",
    id,
    owner: ownedBy(id),
    settled: false,
    progress: {},
    row: {
      stripeId: id,
      email: text(payload, "email")?.trim() || null,
      name: text(payload, "name"),
      phone: text(payload, "phone"),
      country:
        (
          text(part(payload, "address"), "country") ?? text(part(part(payload, "shipping"), "address"), "country")
        )?.toUpperCase() ?? null,
      currency: currency(payload),
      locale: preferredLocale(payload),
      metadata: metadata(payload),
      delinquent: flag(payload, "delinquent"),
      createdAt: time(payload, "created") ?? new Date(0),
    },
  }
}

function preferredLocale(payload: Payload): string | null {
  return list(payload, "preferred_locales").map((entry) => text(entry, "id"))[0] ?? null
}
