export interface SqlToken {
  /** `name`: between quotation marks that names have; `word`: a name or keyword without any. */
  kind: "word" | "name" | "string" | "blob" | "number" | "sign"
  /** Without quotation marks. */
  text: string
}

/** Each at the place where the one before ends; comments and spaces are none. */
const shapes: [kind: SqlToken["kind"] | null, shape: RegExp][] = [
  [null, /[ \t\n\f\r]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ["blob", /x'([0-9a-f]*)'/iy],
  ["string", /'((?:[^']|'')*)'?/y],
  ["name", /"((?:[^"]|"")*)"?/y],
  ["name", /`((?:[^`]|``)*)`?/y],
  ["name", /\[([^\]]*)\]?/y],
  ["number", /0x[0-9a-f_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[+-]?[\d_]+)?/iy],
  ["word", /[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_$\u0080-\u{10ffff}]*/uy],
  ["sign", /[\s\S]/y],
]

/** SQL as SQLite reads it: https://www.sqlite.org/lang_keywords.html says how names are quoted. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  for (let at = 0; at < sql.length; ) {
    for (const [kind, shape] of shapes) {
      shape.lastIndex = at
      const found = shape.exec(sql)
      if (!found) continue
      at = shape.lastIndex
      const [mark = ""] = found[0]
      const text = found[1] ?? found[0]
      if (kind) tokens.push({ kind, text: "'\"`".includes(mark) ? text.replaceAll(mark + mark, mark) : text })
      break
    }
  }
  return tokens
}

/** Whether it is this keyword. */
export const isWord = (token: SqlToken | undefined, ...words: string[]): boolean =>
  token?.kind === "word" && words.includes(token.text.toLowerCase())

export const isSign = (token: SqlToken | undefined, sign: string): boolean =>
  token?.kind === "sign" && token.text === sign
