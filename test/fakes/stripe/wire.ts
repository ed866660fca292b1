import type Stripe from "stripe"

type Decimal = NonNullable<Stripe.Price["unit_amount_decimal"]>
// biome-ignore lint/suspicious/noConfusingVoidType: the SDK marks absent fields with it
type Leaf = string | number | boolean | null | undefined | void
type WireObject<T> = T extends Decimal
  ? string
  : T extends Leaf
    ? T
    : T extends (infer Item)[]
      ? Wire<Item>[]
      : { [Key in keyof T]: Wire<T[Key]> }

/** A resource of the SDK as it travels: ids in place of expandable objects, decimals as strings. */
export type Wire<T> = [Extract<T, string>] extends [never] ? WireObject<T> : Extract<T, Leaf>

export type Customer = Wire<Stripe.Customer>
export type Product = Wire<Stripe.Product>
export type Price = Wire<Stripe.Price>
export type Plan = Wire<Stripe.Plan>
export type TaxRate = Wire<Stripe.TaxRate>
export type Coupon = Wire<Stripe.Coupon>
export type Discount = Wire<Stripe.Discount>
export type PaymentMethod = Wire<Stripe.PaymentMethod>
export type Subscription = Wire<Stripe.Subscription>
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>
export type Invoice = Wire<Stripe.Invoice>
export type InvoiceItem = Wire<Stripe.InvoiceItem>
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>
export type InvoicePayment = Wire<Stripe.InvoicePayment>
export type PaymentIntent = Wire<Stripe.PaymentIntent>
export type Charge = Wire<Stripe.Charge>
export type Refund = Wire<Stripe.Refund>
export type Dispute = Wire<Stripe.Dispute>

/** What an account holds, by the `object` field of each. */
export interface Stored {
  customer: Customer
  product: Product
  price: Price
  tax_rate: TaxRate
  coupon: Coupon
  discount: Discount
  payment_method: PaymentMethod
  subscription: Subscription
  invoice: Invoice
  invoiceitem: InvoiceItem
  invoice_payment: InvoicePayment
  payment_intent: PaymentIntent
  charge: Charge
  refund: Refund
  dispute: Dispute
}
export type Kind = keyof Stored

/** A type, not an interface, so that it also passes for a plain record. */
export type StripeEvent = {
  id: string
  object: "event"
  account?: string
  api_version: string
  created: number
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
