import Stripe from "stripe"

/** Stripe's SDK, pointed at the stand-in. */
export function stripeClient(url: string, apiKey = "sk_test_fake"): Stripe {
  const redirected: typeof fetch = (input, init) =>
    fetch(String(input instanceof Request ? input.url : input).replace("https://api.stripe.com", `${url}/stripe`), init)
  return new Stripe(apiKey, { maxNetworkRetries: 0, httpClient: Stripe.createFetchHttpClient(redirected) })
}
