/** Several values in one line, by comma; what has a comma or a quotation mark in it is quoted as in CSV. */
export const joinList = (values: (string | number)[]): string =>
  values
    .map(String)
    .map((each) => (each === "" || /[",]|^\s|\s$/.test(each) ? `"${each.replaceAll('"', '""')}"` : each))
    .join(", ")

export const splitList = (text: string): string[] =>
  [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)/g)].flatMap(([, quoted, bare = ""]) =>
    quoted === undefined ? (bare.trim() === "" ? [] : [bare.trim()]) : [quoted.replaceAll('""', '"')],
  )
