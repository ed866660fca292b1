import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import type { ResendApi } from "../../vendors/resend.ts"
import {
  challengeOf,
  newChallenge,
  type RelyingParty,
  readAuthentication,
  readRegistration,
} from "../../vendors/webauthn.ts"
import { auditEntry } from "../auditEntry.ts"
import { mailSignInChange } from "./mailSignInChange.ts"

const challengeMinutes = 5

/** A challenge to sign: to register a passkey for whoever is signed in, or to sign anybody in. */
export async function beginPasskey(ctx: Context, purpose: "register" | "sign-in"): Promise<string> {
  const challenge = newChallenge()
  const now = ctx.now()
  const staffId = purpose === "register" && ctx.actor.kind === "staff" ? ctx.actor.id : null
  await ctx.db.execute(sql`
    with old as (delete from staff_challenges where expires_at < ${new Date(now.getTime() - 86_400_000).toISOString()})
    insert into staff_challenges (challenge, purpose, staff_id, expires_at)
    values (${challenge}, ${purpose}, ${staffId}, ${new Date(now.getTime() + challengeMinutes * 60_000).toISOString()})`)
  return challenge
}

async function useChallenge(ctx: Context, answer: unknown, purpose: "register" | "sign-in", staffId: string | null) {
  const challenge = challengeOf(answer)
  const now = ctx.now().toISOString()
  const used = await ctx.db.execute(sql`
    update staff_challenges set used_at = ${now}
    where challenge = ${challenge} and purpose = ${purpose} and staff_id is not distinct from ${staffId}::uuid
      and used_at is null and expires_at > ${now}`)
  if (used.rowCount === 0) throw new AppError("bad_request", "This took too long, or was answered before. Try again.")
  return challenge
}

const passkeyName = z.string().check(z.trim(), z.minLength(1), z.maxLength(100), z.regex(/^\P{Cc}*$/u))

/** Keeps a passkey of whoever is signed in. */
export async function addPasskey(
  ctx: Context<{ resend: ResendApi }>,
  input: { answer: unknown; name: unknown; party: RelyingParty },
) {
  const { actor } = ctx
  if (actor.kind !== "staff") throw new AppError("forbidden", "Only staff have passkeys.")
  const name = passkeyName.safeParse(input.name)
  if (!name.success) throw new AppError("bad_request", "A passkey needs a name of up to 100 characters.")
  const challenge = await useChallenge(ctx, input.answer, "register", actor.id)
  const passkey = await readRegistration(input.answer, challenge, input.party)
  const { id, publicKey, algorithm, counter, transports } = passkey
  await batch(ctx.db, [
    sql`insert into staff_passkeys (id, staff_id, name, public_key, algorithm, counter, transports, created_at)
      values (${id}, ${actor.id}, ${name.data}, ${publicKey}, ${algorithm}, ${counter}, ${jsonb(transports)}, ${ctx.now().toISOString()})
      on conflict (id) do nothing`,
    auditEntry(ctx, {
      action: "staff.passkeyAdded",
      subject: { type: "staff", id: actor.id },
      after: { name: name.data },
    }),
  ])
  await mailSignInChange(ctx, `A passkey, "${name.data}", was added to your account.`)
}

export async function removePasskey(ctx: Context<{ resend: ResendApi }>, id: string): Promise<void> {
  const { actor } = ctx
  if (actor.kind !== "staff") throw new AppError("forbidden", "Only staff have passkeys.")
  const mine = sql`id = ${id} and staff_id = ${actor.id}`
  const results = await batch(ctx.db, [
    auditEntry(ctx, {
      action: "staff.passkeyRemoved",
      subject: { type: "staff", id: actor.id },
      before: sql`(select jsonb_build_object('name', name) from staff_passkeys where ${mine})`,
      where: sql`exists (select from staff_passkeys where ${mine})`,
    }),
    sql`delete from staff_passkeys where ${mine}`,
  ])
  if (results.at(-1)?.rowCount) await mailSignInChange(ctx, "A passkey was removed from your account.")
}

/** Whose passkey has signed our challenge. It verified its holder itself, so it is two factors in one. */
export async function signInByPasskey(ctx: Context, input: { answer: unknown; party: RelyingParty }): Promise<string> {
  const read = readAuthentication(input.answer)
  const challenge = await useChallenge(ctx, input.answer, "sign-in", null)
  const found = await ctx.db.execute<{
    staff_id: string
    public_key: string
    algorithm: "ES256" | "RS256" | "EdDSA"
    counter: string
  }>(sql`
    select p.staff_id, p.public_key, p.algorithm, p.counter from staff_passkeys p join staff s on s.id = p.staff_id
    where p.id = ${read.id} and s.disabled_at is null`)
  const [row] = found.rows
  if (!row) throw new AppError("unauthenticated", "This passkey opens nothing here.")
  const passkey = {
    id: read.id,
    publicKey: row.public_key,
    algorithm: row.algorithm,
    counter: Number(row.counter),
  }
  const counter = await read.verify(passkey, challenge, input.party)
  await ctx.db.execute(sql`
    update staff_passkeys set counter = greatest(counter, ${counter}), used_at = ${ctx.now().toISOString()} where id = ${read.id}`)
  return row.staff_id
}
