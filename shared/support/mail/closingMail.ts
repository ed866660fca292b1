import type { Settings } from "../../settings/settings.ts"

/** What whoever opened a ticket by mail is asked; `link` leads to the page where they answer, since programs follow links. */
export const closingMail = (number: number, { link, brand }: { link: string; brand: Settings["brand"] }): string =>
  [
    "Hello,",
    "",
    `is your ticket #${number} solved?`,
    "",
    `Yes or not yet: ${link}`,
    "",
    "If something is still wrong, just answer this mail.",
    "",
    brand.name,
  ].join("\n")
