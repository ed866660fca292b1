import type { Context } from "../../../shared/context.ts"
import { checkEnv } from "../../../shared/env.ts"
import { AppError } from "../../../shared/errors.ts"
import { staffByEmail } from "../../../shared/staff/staffByEmail.ts"
import { verifyAccessToken } from "../../../shared/vendors/access.ts"
import type { AdminRequest, StaffActor } from "../adminApp.ts"

/**
 * The member of staff whom Cloudflare Access vouches for: by its signed token, and where the runtime says who it is by
 * that too. Throws `unauthenticated` without a token that holds, `forbidden` for who is not on the staff or disabled.
 */
export async function accessStaff(c: AdminRequest, ctx: Context): Promise<StaffActor> {
  const env = checkEnv("admin", c.env)
  const token = c.req.header("cf-access-jwt-assertion")
  if (!token)
    throw new AppError("unauthenticated", "Cloudflare Access is not in front of this address. Ask your owner.")
  const email = await verifyAccessToken(
    token,
    { teamDomain: env.ACCESS_TEAM_DOMAIN, audience: env.ACCESS_AUDIENCE },
    { now: ctx.now() },
  )
  const told = await runtimeEmail(c)
  if (told !== undefined && told !== email)
    throw new AppError("unauthenticated", "Cloudflare Access names two different people for this request.")
  const staff = await staffByEmail(ctx, email)
  if (!staff) throw new AppError("forbidden", `${email} is not on the staff, or is disabled. Ask your owner.`)
  return staff
}

/** Who it is by the runtime; undefined where it does not say, which is no objection to a token that holds. */
async function runtimeEmail(c: AdminRequest): Promise<string | undefined> {
  const access: unknown = Reflect.get(c.executionCtx, "access")
  if (typeof access !== "object" || access === null || !("getIdentity" in access)) return undefined
  const { getIdentity } = access
  if (typeof getIdentity !== "function") return undefined
  const identity: unknown = await getIdentity.call(access)
  if (typeof identity !== "object" || identity === null || !("email" in identity)) return undefined
  return typeof identity.email === "string" ? identity.email.toLowerCase() : undefined
}
