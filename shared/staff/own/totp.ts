import { hmac } from "@noble/hashes/hmac.js"
import { sha1 } from "@noble/hashes/legacy.js"
import { Secret, TOTP } from "otpauth/bare"

const period = 30
const totpOf = (secret: string, label = "") =>
  new TOTP({
    issuer: "Ops HQ",
    label,
    secret: Secret.fromBase32(secret),
    digits: 6,
    period,
    // Authenticator apps know no other, so no other need be in the bundle.
    algorithm: "SHA1",
    hmac: (_algorithm, key, message) => hmac(sha1, key, message),
  })

/** 160 random bits in base 32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an authenticator app reads from a QR code. */
export const totpAddress = (secret: string, email: string): string => totpOf(secret, email).toString()

/** The step of 30 seconds that a code is of, one before or after the present one at most; null where it is wrong. RFC 6238. */
export function totpStep(secret: string, code: string, now: Date): number | null {
  const token = code.replaceAll(/\s/g, "")
  if (!/^\d{6}$/.test(token)) return null
  const delta = totpOf(secret).validate({ token, timestamp: now.getTime(), window: 1 })
  return delta === null ? null : Math.floor(now.getTime() / 1000 / period) + delta
}
