/** What the promise comes to, or `late` where that takes longer; the promise goes on all the same. */
export async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | "late"> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
