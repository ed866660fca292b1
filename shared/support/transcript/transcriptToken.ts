const encoder = new TextEncoder()

/** So long the link to a transcript holds. */
export const transcriptDays = 90

/** Told apart from whatever else is signed with the same secret. */
const signed = (payload: string) => encoder.encode(`transcript ${payload}`)

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}

export interface TranscriptSigner {
  /** A token that lets whoever has it read the ticket's transcript, as the opener sees it, for 90 days. */
  sign(ticketId: string, now: Date): Promise<string>
  /** The ticket that a token names; null when the token is not ours. */
  verify(token: string, now: Date): Promise<{ ticketId: string } | "expired" | null>
}

export async function createTranscriptSigner(secret: string): Promise<TranscriptSigner> {
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ])
  return {
    async sign(ticketId, now) {
      const until = Math.floor(now.getTime() / 1000) + transcriptDays * 86_400
      const payload = `${ticketId} ${until}`
      const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed(payload)))
      return `${base64url(encoder.encode(payload))}.${base64url(signature)}`
    },
    async verify(token, now) {
      const [first, signature, ...more] = token.split(".").map(fromBase64url)
      if (!first || !signature || more.length > 0) return null
      const payload = new TextDecoder().decode(first)
      // WebCrypto compares in constant time.
      if (!(await crypto.subtle.verify("HMAC", key, signature, signed(payload)))) return null
      const [ticketId = "", until = ""] = payload.split(" ")
      return Number(until) * 1000 > now.getTime() ? { ticketId } : "expired"
    },
  }
}
