/** When Stripe answered, by its own clock; ours where it does not say. With the fetch client, `lastResponse` is the Response. */
export function answeredAt(answer: object): Date {
  const response: unknown = Reflect.get(answer, "lastResponse")
  const headers: unknown = typeof response === "object" && response !== null ? Reflect.get(response, "headers") : null
  const stamp = headers instanceof Headers ? Date.parse(headers.get("date") ?? "") : Number.NaN
  return Number.isNaN(stamp) ? new Date() : new Date(stamp)
}
