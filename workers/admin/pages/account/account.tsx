import { AppError } from "../../../../shared/errors.ts"
import { beginTotp, confirmTotp, removeTotp } from "../../../../shared/staff/own/enrolTotp.ts"
import { addPasskey, beginPasskey, removePasskey } from "../../../../shared/staff/own/passkeys.ts"
import { type OwnAccount, ownAccount, revokeSession } from "../../../../shared/staff/ownAccount.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { ClientScript } from "../../components/clientScript.tsx"
import { Field, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { isOwnMode, ownMode } from "../../signIn/ownMode.ts"
import { readJson } from "../../signIn/readJson.ts"
import { readSessionCookie } from "../../signIn/sessionCookie.ts"

const text = (value: unknown) => (typeof value === "string" ? value : "")

export const accountPages = newPages()
  .get("/", (c) => showAccount(c, {}))
  .post("/sessions/:hash{[0-9a-f]{64}}/end", async (c) => {
    const ctx = c.get("ctx")
    await revokeSession(ctx, { staffId: ctx.actor.id, hash: c.req.param("hash") })
    return c.redirect("/account#sessions", 303)
  })
  .post("/totp/begin", async (c) => {
    const { box } = await ownMode(c.env)
    return showAccount(c, { begun: await beginTotp(c.get("ctx"), box) })
  })
  .post("/totp/confirm", async (c) => {
    const { box } = await ownMode(c.env)
    const form = await c.req.parseBody()
    return again(c, async () => ({
      recoveryCodes: await confirmTotp(c.get("ctx"), { sealed: text(form.sealed), code: text(form.code), box }),
    }))
  })
  .post("/totp/remove", async (c) => {
    const { box } = await ownMode(c.env)
    const form = await c.req.parseBody()
    return again(c, async () => {
      await removeTotp(c.get("ctx"), { code: text(form.code), box })
      return {}
    })
  })
  .post("/passkeys/options", async (c) => {
    const { party } = await ownMode(c.env)
    const { actor } = c.get("ctx")
    const challenge = await beginPasskey(c.get("ctx"), "register")
    return c.json({
      challenge,
      rp: { id: party.id, name: "Ops HQ" },
      user: { id: base64url(actor.id), name: actor.email, displayName: actor.name },
      pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    })
  })
  .post("/passkeys", async (c) => {
    const { party } = await ownMode(c.env)
    const { answer, name } = await readJson(c)
    await addPasskey(c.get("ctx"), { answer, name, party })
    return c.json({ next: "/account?added=passkey#passkeys" })
  })
  .post("/passkeys/:id{[A-Za-z0-9_-]+}/remove", async (c) => {
    await ownMode(c.env)
    await removePasskey(c.get("ctx"), c.req.param("id"))
    return c.redirect("/account#passkeys", 303)
  })

const base64url = (value: string) => btoa(value).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

interface Shown {
  begun?: { secret: string; address: string; sealed: string }
  recoveryCodes?: string[]
  refused?: string
}

/** The page with what came of it, or with why nothing did. */
async function again(c: AdminRequest, act: () => Promise<Shown>) {
  try {
    return showAccount(c, await act())
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "bad_request") return showAccount(c, { refused: thrown.message })
    throw thrown
  }
}

async function showAccount(c: AdminRequest, shown: Shown) {
  const ctx = c.get("ctx")
  const { actor } = ctx
  const account = await ownAccount(ctx, readSessionCookie(c))
  return page(
    c,
    { title: "My account", status: shown.refused ? 400 : 200 },
    <>
      {shown.refused && <Notice tone="bad">{shown.refused}</Notice>}
      <Section title="Who you are">
        <Facts
          facts={[
            ["Name", actor.name],
            ["E-mail", actor.email],
            ["Role", <Badge>{actor.role}</Badge>],
          ]}
        />
      </Section>
      {isOwnMode(c.env) && <Passkeys c={c} account={account} />}
      {isOwnMode(c.env) && <SecondFactor c={c} account={account} shown={shown} />}
      <Sessions account={account} />
    </>,
  )
}

const Passkeys = ({ c, account }: { c: AdminRequest; account: OwnAccount }) => (
  <Section title="Passkeys" id="passkeys">
    <p class="lead">A passkey signs you in with your device alone: fingerprint, face, or its PIN.</p>
    <ul class="lines">
      {account.passkeys.map(({ id, name, createdAt, usedAt }) => (
        <li>
          <span>
            {name}, since <Time at={createdAt} />
            {usedAt && (
              <>
                , last used <Time at={usedAt} />
              </>
            )}
          </span>
          <form method="post" action={`/account/passkeys/${id}/remove`}>
            <Button kind="danger" label={`Remove the passkey ${name}`}>
              Remove
            </Button>
          </form>
        </li>
      ))}
    </ul>
    <Field label="Name of the device" name="passkey-name">
      <TextInput name="passkey-name" value="My device" maxLength={100} />
    </Field>
    <button class="button primary" type="button" hidden data-passkey="/account/passkeys" data-passkey-does="register">
      Add a passkey
    </button>
    <p class="error" role="alert" data-passkey-told="" />
    <ClientScript c={c} name="passkeys.client.js" />
  </Section>
)

function SecondFactor({ c, account, shown }: { c: AdminRequest; account: OwnAccount; shown: Shown }) {
  const { begun, recoveryCodes } = shown
  return (
    <Section title="Authenticator app" id="totp">
      {recoveryCodes && (
        <Notice tone="good">
          <p>It is asked for from now on. Keep these recovery codes; each opens once, and they are not shown again.</p>
          <ul class="names">
            {recoveryCodes.map((code) => (
              <li>
                <code>{code}</code>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {begun ? (
        <form method="post" action="/account/totp/confirm">
          <p>Scan this with an authenticator app, then write down the code that it shows.</p>
          <div class="qr" data-qr={begun.address} role="img" aria-label="The key as a QR code" />
          <ClientScript c={c} name="qr.client.js" module />
          <details>
            <summary>It cannot be scanned</summary>
            <p>
              Key: <code class="secret">{begun.secret}</code>
            </p>
          </details>
          <input type="hidden" name="sealed" value={begun.sealed} />
          <CodeField />
          <Button kind="primary">Turn it on</Button>
        </form>
      ) : account.hasTotp ? (
        <form method="post" action="/account/totp/remove">
          <p>
            It is asked for after a code by mail. Recovery codes left: <b>{String(account.recoveryCodesLeft)}</b>
          </p>
          <CodeField />
          <Button kind="danger">Turn it off</Button>
        </form>
      ) : (
        <form method="post" action="/account/totp/begin">
          <p>A second factor for when you sign in by mail. A passkey needs none.</p>
          <Button>Set it up</Button>
        </form>
      )}
    </Section>
  )
}

const CodeField = () => (
  <Field label="Code of the app" name="code">
    <input id="code" name="code" inputmode="numeric" required maxlength={10} autocomplete="one-time-code" />
  </Field>
)

const Sessions = ({ account }: { account: OwnAccount }) => (
  <Section title="Where you are signed in" id="sessions">
    {account.sessions.length === 0 && <p class="hint">Cloudflare Access keeps your sessions.</p>}
    <ul class="lines">
      {account.sessions.map(({ hash, createdAt, seenAt, userAgent, current }) => (
        <li>
          <span>
            {userAgent ?? "Unknown browser"}, since <Time at={createdAt} />, last seen <Time at={seenAt} />{" "}
            {current && <Badge tone="good">this one</Badge>}
          </span>
          <form method="post" action={`/account/sessions/${hash}/end`}>
            <Button
              kind="danger"
              label={`Sign out ${userAgent ?? "unknown browser"}, last seen ${seenAt.toISOString()}`}
            >
              Sign out
            </Button>
          </form>
        </li>
      ))}
    </ul>
  </Section>
)
