interface OrderedState {
  subscriptionId: string
  occurredAt: Date
  position: string
  status: string
  statusBefore: string | null
}

const rankOf = (state: OrderedState) => state.position.slice(0, 1)

/**
 * States in the order in which they happened. Stripe tells time to the second; within one, each change of a subscription
 * says what the status was before, which makes a chain.
 */
export function orderStates<State extends OrderedState>(states: State[]): State[] {
  const sorted = [...states].sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.position < b.position ? -1 : 1),
  )
  const status = new Map<string, string>()
  const ordered: State[] = []
  const sameMoment = (a: State, b: State) =>
    a.occurredAt.getTime() === b.occurredAt.getTime() && rankOf(a) === rankOf(b)
  for (let start = 0; start < sorted.length; ) {
    const first = sorted[start] as State
    let end = start + 1
    while (end < sorted.length && sameMoment(first, sorted[end] as State)) end++
    const open = sorted.slice(start, end)
    while (open.length > 0) {
      const next = nextOf(open, status)
      open.splice(open.indexOf(next), 1)
      status.set(next.subscriptionId, next.status)
      ordered.push(next)
    }
    start = end
  }
  return ordered
}

/** What leaves the status as it is comes first, then what starts from it, then whatever is left. */
function nextOf<State extends OrderedState>(open: State[], status: Map<string, string>): State {
  const continues = (state: State) => state.statusBefore === status.get(state.subscriptionId)
  return (
    open.find((state) => continues(state) && state.status === state.statusBefore) ??
    open.find(continues) ??
    (open[0] as State)
  )
}
