import type { Account } from "./account.ts"
import { price } from "./objects/price.ts"
import { product } from "./objects/product.ts"
import { taxRate, vatRates } from "./objects/taxRate.ts"
import type { Price, Product } from "./wire.ts"

const sold = [
  { id: "starter", name: "Ops Starter", eur: 900, usd: 1000 },
  { id: "pro", name: "Ops Pro", eur: 2900, usd: 3200 },
  { id: "vip", name: "VIP", eur: 500, usd: 500 },
]

/** What the business sells by the month and the year, a plan that begins with a trial, and one product (VIP) that is not its own. */
export function defaultCatalogue(created: number, livemode = false): { products: Product[]; prices: Price[] } {
  const stamp = { created, livemode }
  const prices = sold.flatMap(({ id, ...amounts }) =>
    (["month", "year"] as const).flatMap((interval) =>
      (["eur", "usd"] as const).map((currency) => {
        const amount = amounts[currency] * (interval === "year" ? 10 : 1)
        const fields = { product: `prod_${id}`, currency, amount, interval, ...stamp }
        return price({ id: `price_${id}_${currency}_${interval}`, ...fields })
      }),
    ),
  )
  const trial = { product: "prod_pro", currency: "eur", amount: 2900, interval: "month" as const, trialDays: 7 }
  return {
    products: sold.map(({ id, name }) => product({ id: `prod_${id}`, name, ...stamp })),
    prices: [...prices, price({ id: "price_pro_eur_month_trial", nickname: "7 days free", ...trial, ...stamp })],
  }
}

export function stockCatalogue(account: Account): void {
  const created = account.now() - 90 * 86_400
  const { products, prices } = defaultCatalogue(created, account.livemode)
  for (const each of products) account.add("product", each)
  for (const each of prices) account.add("price", each)
  for (const [country, basisPoints] of Object.entries(vatRates))
    account.add("tax_rate", taxRate({ country, basisPoints, created, livemode: account.livemode }))
}
