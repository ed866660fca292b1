/** Text from outside as PostgreSQL keeps it, up to so many characters. */
export const keepable = (text: string, most: number): string =>
  text.replaceAll("\0", "\uFFFD").toWellFormed().trim().slice(0, most).toWellFormed()
