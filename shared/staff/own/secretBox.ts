/** What SIGN_IN_SECRET does: keyed hashes of codes, and encryption of what has to be read again. */
export interface SecretBox {
  /** HMAC-SHA-256 in hex; `purpose` keeps hashes of one kind from being taken for another. */
  mac(purpose: string, text: string): Promise<string>
  /** AES-256-GCM, bound to `about`. */
  seal(text: string, about: string): Promise<string>
  /** What was sealed about the same, or null where it is not ours or has been changed. */
  open(sealed: string, about: string): Promise<string | null>
}

const encoder = new TextEncoder()
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

export async function createSecretBox(secret: string): Promise<SecretBox> {
  const root = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"])
  type DeriveKey = Parameters<SubtleCrypto["deriveKey"]>
  const derive = (info: string, type: DeriveKey[2], usages: DeriveKey[4]) =>
    crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoder.encode(info) },
      root,
      type,
      false,
      usages,
    )
  const signing = await derive("staff codes", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"])
  const sealing = await derive("staff secrets", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"])
  return {
    async mac(purpose, text) {
      const signature = await crypto.subtle.sign("HMAC", signing, encoder.encode(`${purpose}\0${text}`))
      return hex(new Uint8Array(signature))
    },
    async seal(text, about) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const parameters = { name: "AES-GCM", iv, additionalData: encoder.encode(about) }
      const sealed = await crypto.subtle.encrypt(parameters, sealing, encoder.encode(text))
      return hex(iv) + hex(new Uint8Array(sealed))
    },
    async open(sealed, about) {
      if (!/^([0-9a-f]{2}){28,}$/.test(sealed)) return null
      const bytes = fromHex(sealed)
      const parameters = { name: "AES-GCM", iv: bytes.slice(0, 12), additionalData: encoder.encode(about) }
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(parameters, sealing, bytes.slice(12)))
      } catch {
        return null
      }
    },
  }
}
