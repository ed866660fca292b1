import type { Vendor } from "../options.ts"
import type { FaultChange, Faults } from "./faults.ts"

export interface FaultControl extends Record<Vendor, Faults> {
  set(vendor: Vendor, change: FaultChange): void
  /** Of one vendor, or of all. */
  clear(vendor?: Vendor): void
}

export function faultControl(byVendor: Record<Vendor, Faults>): FaultControl {
  return {
    ...byVendor,
    set: (vendor, change) => byVendor[vendor].set(change),
    clear: (vendor) => {
      const cleared = vendor ? [byVendor[vendor]] : Object.values(byVendor)
      for (const faults of cleared) faults.clear()
    },
  }
}
