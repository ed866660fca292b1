import { signedTranscript, signTranscript, transcriptKey } from "./signTranscript.ts"

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
  const key = await transcriptKey(secret)
  return {
    sign: (ticketId, now) => signTranscript(key, ticketId, now),
    async verify(token, now) {
      const [first, signature, ...more] = token.split(".").map(fromBase64url)
      if (!first || !signature || more.length > 0) return null
      const payload = new TextDecoder().decode(first)
      // WebCrypto compares in constant time.
      if (!(await crypto.subtle.verify("HMAC", key, signature, signedTranscript(payload)))) return null
      const [ticketId = "", until = ""] = payload.split(" ")
      return Number(until) * 1000 > now.getTime() ? { ticketId } : "expired"
    },
  }
}
