import * as z from "zod/mini"
import { isInstant } from "../db/isInstant.ts"
import { AppError } from "../errors.ts"

const shape = z.tuple([z.string().check(z.refine(isInstant)), z.string().check(z.minLength(1), z.maxLength(400))])

const toBase64Url = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

/** Where a page ends, as text that tells callers nothing. */
export const writeCursor = (at: string, id: string): string => toBase64Url(JSON.stringify([at, id]))

/** Throws `bad_request` for what is none of ours; `isId` says whether a text is an id of this list. */
export function readCursor(cursor: string, isId: (id: string) => boolean): { at: string; id: string } {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0))
    const [at, last] = shape.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)))
    if (isId(last) && !last.includes("\0")) return { at, id: last }
  } catch {
    // Told below, as any other that does not fit.
  }
  throw new AppError("bad_request", "This cursor is none of this list's; take `next` of the page before as it is.")
}
