/** An address that may be linked to: of the web, and without a name and password, which pose as a host. Else null. */
export function webLink(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || text.length > 2000 || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.username === "" && url.password === "" ? url : null
}
