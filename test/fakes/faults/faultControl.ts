import type { Vendor } from "../options.ts"
import type { FaultChange, Faults } from "./faults.ts"

export interface FaultControl {
  stripe: Faults
  resend: Faults
  set(vendor: Vendor, change: FaultChange): void
  /** Of one vendor, or of both. */
  clear(vendor?: Vendor): void
}

export function faultControl(stripe: Faults, resend: Faults): FaultControl {
  const byVendor = { stripe, resend }
  return {
    ...byVendor,
    set: (vendor, change) => byVendor[vendor].set(change),
    clear: (vendor) => {
      if (vendor !== "resend") stripe.clear()
      if (vendor !== "stripe") resend.clear()
    },
  }
}
