import htmx from "htmx.org/dist/htmx.min.js"
import admin from "./admin.client.js"
import passkeys from "./passkeys.client.js"
import styles from "./styles.css"

const asset = (name: string, type: string, text: string) => ({
  name,
  type,
  text,
  href: `/assets/${hashOf(text)}/${name}`,
})

/** What browsers load besides pages. A new script or style sheet is one line here. */
export const assets = [
  asset("styles.css", "text/css", styles),
  asset("htmx.js", "text/javascript", htmx),
  asset("admin.js", "text/javascript", admin),
  asset("passkeys.js", "text/javascript", passkeys),
]

export function assetHref(name: string): string {
  const found = assets.find((each) => each.name === name)
  if (!found) throw new Error(`There is no asset ${name}.`)
  return found.href
}

/** FNV-1a: enough to tell one release's file from the next one's. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, "0")
}
