import { server } from "@passwordless-id/webauthn"
import * as z from "zod/mini"
import { AppError } from "../errors.ts"

const base64url = z.string().check(z.regex(/^[\w-]{1,8000}$/))

/** `PublicKeyCredential.toJSON()` of a new passkey. */
const registration = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal("public-key"),
  response: z.object({
    attestationObject: base64url,
    authenticatorData: base64url,
    clientDataJSON: base64url,
    publicKey: base64url,
    publicKeyAlgorithm: z.number(),
    transports: z._default(z.array(z.enum(["ble", "hybrid", "internal", "nfc", "smart-card", "usb"])), []),
  }),
})

/** The same of one that signs in. */
const authentication = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal("public-key"),
  response: z.object({
    authenticatorData: base64url,
    clientDataJSON: base64url,
    signature: base64url,
    userHandle: z.optional(z.nullable(base64url)),
  }),
})

export interface Passkey {
  id: string
  publicKey: string
  algorithm: "ES256" | "RS256" | "EdDSA"
  counter: number
  transports: string[]
}

export interface RelyingParty {
  /** The host, without port. */
  id: string
  origin: string
}

const refused = (cause: unknown) =>
  new AppError("bad_request", "The passkey's answer does not hold. Try again.", { cause })

export const newChallenge = (): string => server.randomChallenge()

/** The challenge that an answer says it is to; whether it is ours is for the caller to check. */
export function challengeOf(answer: unknown): string {
  const read = z.object({ response: z.object({ clientDataJSON: base64url }) }).safeParse(answer)
  if (!read.success) throw refused(read.error)
  try {
    const json = atob(read.data.response.clientDataJSON.replaceAll("-", "+").replaceAll("_", "/"))
    const data = z.object({ challenge: base64url }).parse(JSON.parse(json))
    return data.challenge
  } catch (cause) {
    throw refused(cause)
  }
}

/** A new passkey, made for us just now, by somebody whom it has verified. Throws `bad_request` otherwise. */
export async function readRegistration(answer: unknown, challenge: string, party: RelyingParty): Promise<Passkey> {
  const read = registration.safeParse(answer)
  if (!read.success) throw refused(read.error)
  const { response, ...rest } = read.data
  try {
    const { credential, authenticator } = await server.verifyRegistration(
      { ...rest, response, clientExtensionResults: {}, user: { name: "staff" } },
      { challenge, origin: party.origin, domain: party.id, userVerified: true },
    )
    const { id, publicKey, algorithm } = credential
    return { id, publicKey, algorithm, counter: authenticator.counter, transports: response.transports }
  } catch (cause) {
    throw refused(cause)
  }
}

/** Who signs in: the passkey's id, to find it by, and a check of the answer against it. */
export function readAuthentication(answer: unknown) {
  const read = authentication.safeParse(answer)
  if (!read.success) throw refused(read.error)
  const { response, ...rest } = read.data
  const { userHandle, ...signed } = response
  return {
    id: rest.id,
    /** The new value of the passkey's counter. Throws `bad_request` where anything does not fit. */
    async verify(passkey: Omit<Passkey, "transports">, challenge: string, party: RelyingParty): Promise<number> {
      try {
        const { id, publicKey, algorithm, counter } = passkey
        const info = await server.verifyAuthentication(
          { ...rest, response: signed, clientExtensionResults: {} },
          { id, publicKey, algorithm, transports: [] },
          { challenge, origin: party.origin, domain: party.id, userVerified: true, counter },
        )
        return info.counter
      } catch (cause) {
        throw refused(cause)
      }
    },
  }
}
