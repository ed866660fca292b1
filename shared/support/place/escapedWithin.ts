import { escapeMarkdown } from "../escapeMarkdown.ts"

const cutHere = "… (All of it is kept with the ticket.)"

/** Text of others as Discord shows it letter by letter, in at most so many characters; cut it says where the rest is. */
export function escapedWithin(text: string, most: number): string {
  const whole = escapeMarkdown(text)
  if (whole.length <= most) return whole
  const beginning = (length: number) => escapeMarkdown(text.slice(0, length).toWellFormed())
  let [fits, over] = [0, text.length]
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2)
    if (beginning(middle).length + cutHere.length <= most) fits = middle
    else over = middle
  }
  return `${escapeMarkdown(withoutHalf(text.slice(0, fits)))}${cutHere}`
}

/** Without the first half of a character that was cut in two. */
const withoutHalf = (text: string): string => (text.isWellFormed() ? text : text.replace(/[\uD800-\uDBFF]$/, ""))
