const encoder = new TextEncoder()

/** So long the link to a transcript holds. */
export const transcriptDays = 90

/** Told apart from whatever else is signed with the same secret. */
export const signedTranscript = (payload: string) => encoder.encode(`transcript ${payload}`)

export const transcriptKey = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"])

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")

/** A token that lets whoever has it read the ticket's transcript, as the opener sees it, for 90 days. */
export async function signTranscript(key: CryptoKey, ticketId: string, now: Date): Promise<string> {
  const until = Math.floor(now.getTime() / 1000) + transcriptDays * 86_400
  const payload = `${ticketId} ${until}`
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signedTranscript(payload)))
  return `${base64url(encoder.encode(payload))}.${base64url(signature)}`
}
