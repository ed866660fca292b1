import type { StoredFile } from "./fileStore.ts"
import { safeFileName } from "./safeFileName.ts"

/** Kinds of pictures that browsers show and that hold nothing that runs. */
const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"]

/** Nothing is loaded, and nothing runs. */
export const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** A file from outside as an answer: to be saved, not run; pictures may be looked at. */
export function fileResponse(stored: StoredFile, about: { name: string; contentType: string }): Response {
  const name = safeFileName(about.name)
  const type = about.contentType.split(";")[0]?.trim().toLowerCase() ?? ""
  const picture = pictures.includes(type)
  const ascii = name.replaceAll(/[^\w.-]/g, "_")
  return new Response(stored.body, {
    headers: {
      "content-type": picture ? type : "application/octet-stream",
      "content-length": String(stored.size),
      "content-disposition": `${picture ? "inline" : "attachment"}; filename="${ascii}"; filename*=UTF-8''${encode(name)}`,
      "content-security-policy": filePolicy,
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
      "referrer-policy": "no-referrer",
      "cache-control": "private, no-store",
    },
  })
}

/** As RFC 8187 wants it. */
const encode = (name: string) =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
