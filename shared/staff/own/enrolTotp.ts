import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import { auditEntry } from "../auditEntry.ts"
import { newToken } from "../tokens.ts"
import { mailSignInChange } from "./mailSignInChange.ts"
import { normalRecoveryCode } from "./secondFactor.ts"
import type { SecretBox } from "./secretBox.ts"
import { newTotpSecret, totpAddress, totpStep } from "./totp.ts"

const recoveryCodes = 10

function staffOf(ctx: Context) {
  if (ctx.actor.kind !== "staff") throw new AppError("forbidden", "Only staff have an account.")
  return ctx.actor
}

/** A secret for the authenticator app. Nothing is kept until a code of it comes back with `sealed`. */
export async function beginTotp(ctx: Context, box: SecretBox) {
  const actor = staffOf(ctx)
  const secret = newTotpSecret()
  return { secret, address: totpAddress(secret, actor.email), sealed: await box.seal(secret, `begin:${actor.id}`) }
}

/**
 * Asks for the app's code at every sign-in by mail from now on. Returns the recovery codes, which are shown once. An app
 * does not take the place of another: who holds the first one turns it off. Throws `conflict` there.
 */
export async function confirmTotp(
  ctx: Context<{ resend: ResendApi }>,
  input: { sealed: string; code: string; box: SecretBox },
): Promise<string[]> {
  const actor = staffOf(ctx)
  const { box } = input
  const secret = await box.open(input.sealed, `begin:${actor.id}`)
  const step = secret === null ? null : totpStep(secret, input.code, ctx.now())
  if (secret === null || step === null)
    throw new AppError(
      "bad_request",
      "The code is not the app's present one. Check the time of your device, and try again.",
    )
  const codes = Array.from({ length: recoveryCodes }, () => newToken().slice(0, 12))
  const hashes = await Promise.all(codes.map((code) => box.mac("recovery", `${actor.id}:${normalRecoveryCode(code)}`)))
  const sealed = await box.seal(secret, actor.id)
  const added = sql`exists (select from staff where id = ${actor.id} and totp_secret = ${sealed})`
  const [kept] = await batch(ctx.db, [
    sql`update staff set totp_secret = ${sealed}, totp_last_step = ${step} where id = ${actor.id} and totp_secret is null`,
    sql`delete from staff_recovery_codes where staff_id = ${actor.id} and ${added}`,
    sql`insert into staff_recovery_codes (staff_id, code_hash) select ${actor.id}, unnest(${textArray(hashes)}) where ${added}`,
    auditEntry(ctx, {
      action: "staff.secondFactorAdded",
      subject: { type: "staff", id: actor.id },
      where: added,
    }),
  ])
  if (kept?.rowCount === 0)
    throw new AppError("conflict", "There is an authenticator app already. Turn that one off first, with a code of it.")
  await mailSignInChange(ctx, "An authenticator app was added to your account.")
  return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, "$1-"))
}

/** Takes the second factor away, for who holds it: a present code of the app, or a recovery code that is left. */
export async function removeTotp(
  ctx: Context<{ resend: ResendApi }>,
  input: { code: string; box: SecretBox },
): Promise<void> {
  const actor = staffOf(ctx)
  const found = await ctx.db.execute<{ totp_secret: string | null }>(
    sql`select totp_secret from staff where id = ${actor.id}`,
  )
  const sealed = found.rows[0]?.totp_secret
  const secret = sealed ? await input.box.open(sealed, actor.id) : null
  if (secret === null) throw new AppError("bad_request", "There is no authenticator app to turn off.")
  const step = totpStep(secret, input.code, ctx.now())
  const recovery = await input.box.mac("recovery", `${actor.id}:${normalRecoveryCode(input.code)}`)
  const gone = sql`exists (select from staff where id = ${actor.id} and totp_secret is null)`
  const [removed] = await batch(ctx.db, [
    sql`update staff set totp_secret = null, totp_last_step = null where id = ${actor.id} and totp_secret is not null
      and (coalesce(totp_last_step, 0) < ${step}::bigint or exists (
        select from staff_recovery_codes where staff_id = ${actor.id} and code_hash = ${recovery} and used_at is null))`,
    auditEntry(ctx, {
      action: "staff.secondFactorRemoved",
      subject: { type: "staff", id: actor.id },
      where: sql`${gone} and exists (select from staff_recovery_codes where staff_id = ${actor.id})`,
    }),
    sql`delete from staff_recovery_codes where staff_id = ${actor.id} and ${gone}`,
  ])
  if (removed?.rowCount === 0)
    throw new AppError(
      "bad_request",
      step === null
        ? "The code is neither the app's present one nor a recovery code that is left."
        : "This code has been used. Wait for the next one.",
    )
  await mailSignInChange(ctx, "The authenticator app was turned off for your account.")
}
