import type { priorities } from "../../db/schema/support.ts"

type Priority = (typeof priorities)[number]

export interface SuggestingCategory {
  id: string
  /** Words and phrases that tell that a text is about this. */
  keywords: readonly string[]
}

export interface Suggestion {
  /** Null where the text tells nothing, or as much for one category as for another. */
  categoryId: string | null
  priority: Priority
}

/** So much of a text is read: what comes after says the same again, or is quoted. */
const readCharacters = 4000

const priorityWords: [Priority, readonly string[]][] = [
  [
    "urgent",
    [
      "urgent",
      "urgently",
      "asap",
      "emergency",
      "immediately",
      "data loss",
      "hacked",
      "chargeback",
      "lawyer",
      "dringend",
    ],
  ],
  [
    "high",
    ["down", "offline", "outage", "crash", "cannot log in", "can't log in", "charged twice", "cancel", "refund"],
  ],
  ["low", ["feature request", "suggestion", "when you have time", "no hurry", "no rush", "just curious", "feedback"]],
]

/** What a text seems to be about, by the words of the categories, and how soon somebody should look at it. */
export function suggestCategory(text: string, categories: readonly SuggestingCategory[]): Suggestion {
  const words = ` ${plain(text.slice(0, readCharacters))} `
  const scores = categories
    .map(({ id, keywords }) => ({ id, score: keywords.reduce((sum, keyword) => sum + weight(words, keyword), 0) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const [first, second] = scores
  return {
    categoryId: first && first.score !== second?.score ? first.id : null,
    priority: priorityWords.find(([, phrases]) => phrases.some((phrase) => weight(words, phrase) > 0))?.[0] ?? "normal",
  }
}

/** A phrase of several words tells more than a word does; saying it again tells nothing new. */
function weight(words: string, keyword: string): number {
  const phrase = plain(keyword)
  return phrase !== "" && words.includes(` ${phrase} `) ? phrase.split(" ").length : 0
}

/** Lower case, without accents, everything else than letters, digits and apostrophes a space. */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("\u2019", "'")
    .replaceAll(/[^\p{L}\p{N}']+/gu, " ")
    .trim()
