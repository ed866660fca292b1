const encoder = new TextEncoder()

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}

export interface LinkSigner {
  /** A token that names the address; only we can make it, and it does not expire. */
  sign(email: string): Promise<string>
  /** The address that a token names, or null when the token is not ours. */
  verify(token: string): Promise<string | null>
}

export async function createLinkSigner(secret: string): Promise<LinkSigner> {
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ])
  return {
    async sign(email) {
      const address = encoder.encode(email)
      return `${base64url(address)}.${base64url(new Uint8Array(await crypto.subtle.sign("HMAC", key, address)))}`
    },
    async verify(token) {
      const [address, signature, ...more] = token.split(".").map(fromBase64url)
      if (!address || !signature || more.length > 0) return null
      // WebCrypto compares in constant time.
      const genuine = await crypto.subtle.verify("HMAC", key, signature, address)
      return genuine ? new TextDecoder().decode(address) : null
    },
  }
}
