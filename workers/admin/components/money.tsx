import { createMoneyFormat } from "../../../shared/money.ts"

const format = createMoneyFormat()

/** An amount in minor units of its currency. */
export const Money = ({ amount, currency }: { amount: number; currency: string }) => (
  <span class="money">{format(amount, currency)}</span>
)
