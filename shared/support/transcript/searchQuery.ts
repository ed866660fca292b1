import { type SQL, sql } from "drizzle-orm"

/**
 * What somebody searches for as a tsquery: words, "phrases", or, -without. Dashes that stand before no word are left out,
 * because PostgreSQL refuses more than 32 of them in a row.
 */
export const searchQuery = (words: string): SQL =>
  sql`websearch_to_tsquery('simple', ${words
    .replaceAll("\0", " ")
    .toWellFormed()
    .slice(0, 200)
    .toWellFormed()
    .replaceAll(/-(?![\p{L}\p{N}"])/gu, " ")})`
