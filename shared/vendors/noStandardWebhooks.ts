/** Stands in the bundles where Resend's client imports standardwebhooks: resendWebhook.ts verifies its webhooks. */
export class Webhook {
  verify(): never {
    throw new Error("standardwebhooks is not part of Resend's client here; see alias in wrangler.toml.")
  }
}
