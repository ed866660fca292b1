/** Decimals of Stripe's minor units where they are not two. Intl's own follow custom, and differ: HUF, COP, ISK. */
const decimalsOf = new Map<string, number>([
  ...["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"].map(
    (code) => [code, 0] as const,
  ),
  ...["BHD", "JOD", "KWD", "OMR", "TND"].map((code) => [code, 3] as const),
])

/** How many decimals an amount in minor units of this currency has; ISO 4217, either case. */
export const minorUnitDecimals = (currency: string): number => decimalsOf.get(currency.toUpperCase()) ?? 2

/** Says an amount in minor units as people read it. What is no currency code is shown as it is. */
export function createMoneyFormat(locale = "en"): (amount: number, currency: string) => string {
  const formats = new Map<string, Intl.NumberFormat>()
  const formatOf = (code: string, shown: number, decimals: number) => {
    const key = `${code}${shown}`
    const format =
      formats.get(key) ??
      new Intl.NumberFormat(locale, {
        style: "currency",
        currency: code,
        minimumFractionDigits: shown,
        maximumFractionDigits: decimals,
      })
    formats.set(key, format)
    return format
  }
  const customaryDecimals = (code: string) =>
    new Intl.NumberFormat(locale, { style: "currency", currency: code }).resolvedOptions().maximumFractionDigits ?? 2
  const customary = new Map<string, number>()

  return (amount, currency) => {
    const code = currency.toUpperCase()
    const decimals = minorUnitDecimals(code)
    const value = amount / 10 ** decimals
    if (!/^[A-Z]{3}$/.test(code)) return `${value.toFixed(decimals)} ${currency}`
    const usual = customary.get(code) ?? customaryDecimals(code)
    customary.set(code, usual)
    // Nobody writes 1,000.00 forints; but what is there is shown.
    const shown = amount % 10 ** decimals === 0 ? Math.min(usual, decimals) : decimals
    return formatOf(code, shown, decimals).format(value)
  }
}
