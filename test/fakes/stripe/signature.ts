import { createHmac } from "node:crypto"

/** The Stripe-Signature header of a body, stamped with the time on the wall whatever Stripe's clock shows. */
export function signStripe(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`
}
