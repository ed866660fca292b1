/** The resident memory of a process from now on, in bytes: at the beginning, and at most. */
export function watchMemory(memory: () => number | null) {
  const begin = memory() ?? 0
  let peak = begin
  const timer = setInterval(() => {
    peak = Math.max(peak, memory() ?? 0)
  }, 50)
  return () => {
    clearInterval(timer)
    return { begin, peak }
  }
}
