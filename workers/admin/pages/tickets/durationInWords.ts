/** Working minutes as people say them. */
export function inWords(minutes: number | null): string {
  if (minutes === null) return "–"
  const whole = Math.round(minutes)
  if (whole < 60) return `${whole} min`
  const [hours, rest] = [Math.floor(whole / 60), whole % 60]
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
