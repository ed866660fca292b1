/** All that a stream brings, or null once that is more than `most`. */
export async function withinBytes(stream: ReadableStream<Uint8Array>, most: number): Promise<Blob | null> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > most) return null
    parts.push(new Uint8Array(part))
  }
  return new Blob(parts)
}
