import type { Vendor, WebhookDelivery } from "../options.ts"

export interface ReceivedWebhook {
  vendor: Vendor
  headers: Record<string, string>
  body: string
  type: string
}

/** Takes webhooks as our receiver would; `answer` decides the status of each. */
export function webhookReceiver(answer: (webhook: ReceivedWebhook, index: number) => number = () => 200) {
  const received: ReceivedWebhook[] = []
  const deliver: WebhookDelivery = async (vendor, { headers, body }) => {
    const { type }: { type: string } = JSON.parse(body)
    const webhook = { vendor, headers, body, type }
    received.push(webhook)
    const status = answer(webhook, received.length - 1)
    return { ok: status < 300, status, text: async () => "" }
  }
  return { received, deliver, types: () => received.map(({ type }) => type) }
}
