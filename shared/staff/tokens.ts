const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** 256 random bits for a cookie. */
export const newToken = (): string => hex(crypto.getRandomValues(new Uint8Array(32)))

/** What the database keeps of a token. */
export async function hashOfToken(token: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))))
}

/** So many random decimal digits, each as likely. */
export function randomDigits(count: number): string {
  let digits = ""
  while (digits.length < count) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1))
    if (byte < 250) digits += String(byte % 10)
  }
  return digits
}
