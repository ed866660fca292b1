const timeKey =
  /^(created|updated|start|end|start_date|due_date|billing_cycle_anchor|next_payment_attempt|due_by|available_on|resumes_at|cancel_at)$|_(at|end|start|attempt)$/

/** A copy in which every time of Stripe (seconds since 1970, known by its key) is moved by so many seconds. */
export function shiftTimes(value: unknown, seconds: number): unknown {
  if (Array.isArray(value)) return value.map((each) => shiftTimes(each, seconds))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === "number" && timeKey.test(key) && inner > 900_000_000 && inner < 4_000_000_000
        ? inner + seconds
        : shiftTimes(inner, seconds),
    ]),
  )
}
