import { checkEnv } from "../../../shared/env.ts"
import { AppError } from "../../../shared/errors.ts"
import { createSecretBox, type SecretBox } from "../../../shared/staff/own/secretBox.ts"
import type { RelyingParty } from "../../../shared/vendors/webauthn.ts"

export const isOwnMode = (env: Cloudflare.AdminEnv): boolean => env.SIGN_IN === "own"

/** What signing in by ourselves works with. Throws `not_found` where another way is set. */
export async function ownMode(env: Cloudflare.AdminEnv): Promise<{ box: SecretBox; party: RelyingParty }> {
  const { SIGN_IN, SIGN_IN_SECRET, ADMIN_URL } = checkEnv("admin", env)
  if (SIGN_IN !== "own") throw new AppError("not_found", "Staff do not sign in here.")
  return {
    box: await createSecretBox(SIGN_IN_SECRET),
    party: { id: new URL(ADMIN_URL).hostname, origin: new URL(ADMIN_URL).origin },
  }
}
