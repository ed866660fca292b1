export interface MailPart {
  /** Said before, and repeated by the mail program: shown on demand. */
  quoted: boolean
  text: string
}

/** "On … wrote:" as mail programs put it before a quotation; some break it into two lines. */
const attributions =
  /^(on|am|le|el|il|op|den|em|dnia|w dniu|på|em)\b.{4,300}\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał\(?a?\)?|kirjoitti)\b.{0,100}:\s*$/iu
const separators =
  /^\s*(-{2,}|_{2,})?\s*(original message|ursprüngliche nachricht|forwarded message|weitergeleitete nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|reply above this line)\s*(-{2,}|_{2,})?\s*$/iu
/** The headers that Outlook repeats: a From, and right below it at least a date and a recipient. */
const from = /^\s*\*?(from|von|de|da|van|från|fra)\s*:\*?\s*\S/iu
const sent = /^\s*\*?(sent|date|gesendet|datum|envoyé|enviado|fecha|inviato|verzonden|skickat|sendt)\s*:\*?\s*\S/iu
const to = /^\s*\*?(to|an|à|para|a|aan|till|til)\s*:\*?\s*\S/iu
const longestAttribution = 400

/**
 * A mail's text, in its order, with what it repeats of earlier mails told apart. Nothing is left out: put together again,
 * the parts are the text. Where everything is repeated, nothing is.
 */
export function foldQuoted(content: string): MailPart[] {
  const lines = content.split("\n")
  const quoted: boolean[] = []
  let rest = false
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ""
    rest ||= separators.test(line.slice(0, longestAttribution)) || isOutlook(lines, at)
    quoted.push(rest || /^\s{0,3}>/.test(line))
  }
  for (let at = 0; at < lines.length; at++) if (quoted[at] === false) markAttribution(lines, quoted, at)
  joinBlanks(lines, quoted)
  const parts: { quoted: boolean; lines: string[] }[] = []
  for (const [at, line] of lines.entries()) {
    const last = parts.at(-1)
    if (last && last.quoted === quoted[at]) last.lines.push(line)
    else parts.push({ quoted: quoted[at] ?? false, lines: [line] })
  }
  const folded = parts.map((part) => ({ quoted: part.quoted, text: part.lines.join("\n") }))
  return folded.some((part) => !part.quoted && part.text.trim() !== "") ? folded : [{ quoted: false, text: content }]
}

/** The part that is new. */
export const visibleText = (content: string): string =>
  foldQuoted(content)
    .filter(({ quoted }) => !quoted)
    .map(({ text }) => text)
    .join("\n")
    .trim()

function isOutlook(lines: string[], at: number): boolean {
  if (!from.test((lines[at] ?? "").slice(0, longestAttribution))) return false
  const below = lines.slice(at + 1, at + 6).map((line) => line.slice(0, longestAttribution))
  return below.some((line) => sent.test(line)) && below.some((line) => to.test(line))
}

/** Counts as quoted with what it announces: a line, or two, before a quotation. */
function markAttribution(lines: string[], quoted: boolean[], at: number): void {
  const [line = "", second = ""] = [lines[at], quoted[at + 1] === false ? lines[at + 1] : ""]
  const isOne = attributions.test(line.trim().slice(0, longestAttribution))
  const isTwo = !isOne && attributions.test(`${line.trim()} ${second.trim()}`.slice(0, longestAttribution))
  if (!isOne && !isTwo) return
  const last = isOne ? at : at + 1
  let next = last + 1
  while (next < lines.length && (lines[next] ?? "").trim() === "") next++
  if (quoted[next]) for (let each = at; each <= last; each++) quoted[each] = true
}

/** Blank lines within and after a quotation belong to it. */
function joinBlanks(lines: string[], quoted: boolean[]): void {
  for (let at = 1; at < lines.length; at++) if ((lines[at] ?? "").trim() === "" && quoted[at - 1]) quoted[at] = true
}
