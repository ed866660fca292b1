import { AppError } from "../errors.ts"

/** The raw body as text. Throws `too_large` beyond `limit` bytes without reading on, `bad_request` if it is not UTF-8. */
export async function readBody(request: Request, limit: number): Promise<string> {
  const tooLarge = () => new AppError("too_large", `The body is larger than ${limit} bytes.`)
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge()
  if (!request.body) return ""
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let size = 0
  let text = ""
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (error) {
      throw new AppError("bad_request", "The body is not UTF-8.", { cause: error })
    }
  }
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    text += decode(chunk)
  }
  return text + decode()
}
