import { AppError } from "../errors.ts"

/** The raw body as text. Throws `too_large` beyond `limit` bytes without reading on, `bad_request` if it is not UTF-8. */
export async function readBody(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit)
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new AppError("bad_request", "The body is not UTF-8.", { cause: error })
  }
}

/** The raw body. Throws `too_large` beyond `limit` bytes without reading on. */
export async function readBytes(request: Request, limit: number): Promise<ArrayBuffer> {
  const told = request.headers.get("content-length")
  if (Number(told ?? 0) > limit) throw tooLarge(limit)
  // A told length is what the runtime lets through, so the whole body can be read at once: several times as fast.
  const bytes = told === null ? await readCapped(request, limit) : await request.arrayBuffer()
  if (bytes.byteLength > limit) throw tooLarge(limit)
  return bytes
}

const tooLarge = (limit: number) => new AppError("too_large", `The body is larger than ${limit} bytes.`)

async function readCapped(request: Request, limit: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return new Blob(chunks).arrayBuffer()
}
