import type { TaxRate } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

/** Standard VAT of the EU's members in hundredths of a per cent, by Stripe's country codes. */
export const vatRates: Record<string, number> = {
  AT: 2000,
  BE: 2100,
  BG: 2000,
  HR: 2500,
  CY: 1900,
  CZ: 2100,
  DK: 2500,
  EE: 2400,
  FI: 2550,
  FR: 2000,
  DE: 1900,
  GR: 2400,
  HU: 2700,
  IE: 2300,
  IT: 2200,
  LV: 2100,
  LT: 2100,
  LU: 1700,
  MT: 1800,
  NL: 2100,
  PL: 2300,
  PT: 2300,
  RO: 2100,
  SK: 2300,
  SI: 2200,
  ES: 2100,
  SE: 2500,
}

export const taxRateId = (country: string): string => `txr_vat_${country.toLowerCase()}`

export function taxRate(input: { country: string; basisPoints: number } & Stamp): TaxRate {
  return {
    id: taxRateId(input.country),
    object: "tax_rate",
    active: true,
    country: input.country,
    created: input.created,
    description: null,
    display_name: "VAT",
    effective_percentage: input.basisPoints / 100,
    flat_amount: null,
    inclusive: false,
    jurisdiction: input.country,
    jurisdiction_level: "country",
    livemode: input.livemode,
    metadata: {},
    percentage: input.basisPoints / 100,
    rate_type: "percentage",
    state: null,
    tax_type: "vat",
  }
}
