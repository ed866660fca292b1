/** As many as Discord shows, and as long. */
const mostChoices = 25
const longestName = 100

/** What somebody chooses from while they type. */
export const choicesOf = (all: readonly { id: string; name: string }[]): { name: string; value: string }[] =>
  all.slice(0, mostChoices).map(({ id, name }) => ({ name: name.slice(0, longestName).toWellFormed(), value: id }))
