import { ownedBy, type Snapshot } from "../snapshot.ts"
import {
  count,
  currency,
  flag,
  idOf,
  metadata,
  money,
  type Payload,
  part,
  requiredCurrency,
  requiredText,
  text,
} from "./read.ts"

export function readProduct(payload: Payload, deleted = false): Snapshot<"products"> {
  const id = requiredText(payload, "id")
  return {
    table: "products",
    id,
    owner: null,
    settled: deleted,
    progress: {},
    row: {
      id,
      name: text(payload, "name") ?? id,
      active: !deleted && flag(payload, "active"),
      metadata: metadata(payload),
    },
  }
}

export function readPrice(payload: Payload, deleted = false): Snapshot<"prices"> {
  const id = requiredText(payload, "id")
  const recurring = part(payload, "recurring")
  return {
    table: "prices",
    id,
    owner: null,
    settled: deleted,
    progress: {},
    row: {
      id,
      productId: idOf(payload, "product"),
      active: !deleted && flag(payload, "active"),
      nickname: text(payload, "nickname"),
      currency: requiredCurrency(payload),
      unitAmount: money(payload, "unit_amount"),
      interval: text(recurring, "interval"),
      intervalCount: count(recurring, "interval_count"),
    },
  }
}

export function readCoupon(payload: Payload, deleted = false): Snapshot<"coupons"> {
  const id = requiredText(payload, "id")
  const percentOff = payload.percent_off
  return {
    table: "coupons",
    id,
    owner: null,
    settled: deleted,
    progress: {},
    row: {
      id,
      name: text(payload, "name"),
      percentOff: typeof percentOff === "number" ? percentOff : null,
      amountOff: money(payload, "amount_off"),
      currency: currency(payload),
      duration: requiredText(payload, "duration"),
      durationInMonths: count(payload, "duration_in_months"),
      valid: !deleted && flag(payload, "valid"),
    },
  }
}

export function readTaxId(payload: Payload, deleted = false): Snapshot<"taxIds"> {
  const id = requiredText(payload, "id")
  return {
    table: "taxIds",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled: deleted,
    progress: {},
    row: {
      id,
      type: requiredText(payload, "type"),
      value: text(payload, "value"),
      country: text(payload, "country"),
      verificationStatus: text(part(payload, "verification"), "status"),
      deleted,
    },
  }
}
