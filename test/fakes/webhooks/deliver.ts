export interface WebhookAnswer {
  ok: boolean
  status: number
  text(): Promise<string>
}

/** Posts a webhook. */
export type Deliver = (request: {
  method: "POST"
  headers: Record<string, string>
  body: string
}) => Promise<WebhookAnswer>

export const deliverTo =
  (url: string): Deliver =>
  (request) =>
    fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(20_000) })
