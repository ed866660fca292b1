/** A multiple of three, so that the parts put together are the whole. */
const atOnce = 3 * 4096

/** Bytes in base64, however many. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let start = 0; start < bytes.length; start += atOnce)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + atOnce))))
  return parts.join("")
}
