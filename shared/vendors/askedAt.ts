/**
 * The latest moment, by Stripe's own clock, of which what an answer shows is not older: its Date less what the request
 * took. An answer is as of when it was asked for, and a slow one tells of the past. Ours where Stripe does not say. With
 * the fetch client, `lastResponse` is the Response.
 */
export function askedAt(answer: object, tookMilliseconds: number): Date {
  const response: unknown = Reflect.get(answer, "lastResponse")
  const headers: unknown = typeof response === "object" && response !== null ? Reflect.get(response, "headers") : null
  const stamp = headers instanceof Headers ? Date.parse(headers.get("date") ?? "") : Number.NaN
  return new Date((Number.isNaN(stamp) ? Date.now() : stamp) - tookMilliseconds)
}
