import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from "jose"
import { AppError } from "../errors.ts"

export interface AccessApplication {
  /** `https://<team>.cloudflareaccess.com`: issuer of the tokens, and where its keys are. */
  teamDomain: string
  audience: string
}

/** The team's public keys; `fresh`, for a key that was not among the kept ones, is at most a minute old. */
export type LoadKeys = (teamDomain: string, fresh: boolean, now: Date) => Promise<JSONWebKeySet>

/** Seconds that Cloudflare keeps the keys for us. They are rotated every six weeks, and the old one stays valid a week. */
const keptSeconds = 3600

export const loadAccessKeys: LoadKeys = async (teamDomain, fresh, now) => {
  // A cache keeps one answer for each address: with the minute in it, tokens with made-up keys ask once a minute.
  const minute = fresh ? `?minute=${Math.floor(now.getTime() / 60_000)}` : ""
  const answer = await fetch(`${teamDomain}/cdn-cgi/access/certs${minute}`, {
    cf: { cacheTtl: fresh ? 60 : keptSeconds, cacheEverything: true },
    signal: AbortSignal.timeout(5000),
  })
  if (!answer.ok) throw new AppError("vendor_unavailable", `Cloudflare Access answered ${answer.status} for its keys.`)
  return answer.json()
}

const refused = (cause: unknown) =>
  new AppError("unauthenticated", "Cloudflare Access did not vouch for this request.", { cause })

/**
 * Whose request it is by the token in `Cf-Access-Jwt-Assertion`: their e-mail, in lower case. Throws `unauthenticated` for
 * any token that Access did not give to a person for this application just now; a service token is no person.
 */
export async function verifyAccessToken(
  token: string,
  application: AccessApplication,
  options: { now: Date; loadKeys?: LoadKeys },
): Promise<string> {
  const { now, loadKeys = loadAccessKeys } = options
  const { teamDomain, audience } = application
  const verify = async (fresh: boolean) =>
    jwtVerify(token, createLocalJWKSet(await loadKeys(teamDomain, fresh, now)), {
      issuer: teamDomain,
      audience,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat", "sub"],
      currentDate: now,
    })
  try {
    const { payload } = await verify(false).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) return verify(true)
      throw error
    })
    const { email, sub } = payload
    if (typeof email !== "string" || email === "" || !sub) throw refused("The token is not a person's.")
    return email.toLowerCase()
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof errors.JOSEError) throw refused(error)
    throw new AppError("vendor_unavailable", "The keys of Cloudflare Access could not be read.", { cause: error })
  }
}
