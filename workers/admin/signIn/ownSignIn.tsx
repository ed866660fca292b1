import { beginPasskey, signInByPasskey } from "../../../shared/staff/own/passkeys.ts"
import { codeMinutes, requestCode } from "../../../shared/staff/own/requestCode.ts"
import { secondFactor } from "../../../shared/staff/own/secondFactor.ts"
import { verifyCode } from "../../../shared/staff/own/verifyCode.ts"
import { type AdminRequest, newPages } from "../adminApp.ts"
import { adminContext } from "../adminContext.ts"
import { barePage } from "../components/barePage.tsx"
import { Button } from "../components/button.tsx"
import { ClientScript } from "../components/clientScript.tsx"
import { Field } from "../components/field.tsx"
import { Notice } from "../components/notice.tsx"
import { clientOf } from "./clientOf.ts"
import { isOwnMode, ownMode } from "./ownMode.ts"
import { ownPath } from "./ownPath.ts"
import { readJson } from "./readJson.ts"
import { readFlowCookie, writeFlowCookie } from "./sessionCookie.ts"
import { startSession } from "./startSession.ts"

const anonymous = (c: AdminRequest) => adminContext(c.env, { kind: "public" })
const text = (value: unknown) => (typeof value === "string" ? value : "")

/** Signing in by ourselves: by a passkey, or by a code mailed and, where set up, a code of the authenticator app. */
export const ownSignInPages = newPages()
  .get("/", (c, next) => (isOwnMode(c.env) ? signInPage(c) : next()))
  .post("/code", async (c) => {
    const { box } = await ownMode(c.env)
    const form = await c.req.parseBody()
    const { token, mail } = await requestCode(anonymous(c), { email: text(form.email), client: clientOf(c.req), box })
    c.executionCtx.waitUntil(mail())
    writeFlowCookie(c, token)
    return c.redirect(`/sign-in/code?back=${encodeURIComponent(ownPath(form.back))}`, 303)
  })
  .get("/code", async (c) => {
    await ownMode(c.env)
    return codePage(c)
  })
  .post("/verify", async (c) => {
    const { box } = await ownMode(c.env)
    const form = await c.req.parseBody()
    const outcome = await verifyCode(anonymous(c), { token: readFlowCookie(c), code: text(form.code), box })
    if (!outcome) return codePage(c, { refused: true, back: form.back })
    if (outcome.needsSecond) return c.redirect(`/sign-in/second?back=${encodeURIComponent(ownPath(form.back))}`, 303)
    await startSession(c, outcome.staffId)
    return c.redirect(ownPath(form.back), 303)
  })
  .get("/second", async (c) => {
    await ownMode(c.env)
    return secondPage(c)
  })
  .post("/second", async (c) => {
    const { box } = await ownMode(c.env)
    const form = await c.req.parseBody()
    const staffId = await secondFactor(anonymous(c), { token: readFlowCookie(c), code: text(form.code), box })
    if (staffId === null) return secondPage(c, { refused: true, back: form.back })
    await startSession(c, staffId)
    return c.redirect(ownPath(form.back), 303)
  })
  .post("/passkey/options", async (c) => {
    const { party } = await ownMode(c.env)
    const challenge = await beginPasskey(anonymous(c), "sign-in")
    return c.json({ challenge, rpId: party.id, userVerification: "required", allowCredentials: [] })
  })
  .post("/passkey", async (c) => {
    const { party } = await ownMode(c.env)
    const { answer, back } = await readJson(c)
    await startSession(c, await signInByPasskey(anonymous(c), { answer, party }))
    return c.json({ next: ownPath(back) })
  })

function signInPage(c: AdminRequest) {
  const back = ownPath(c.req.query("back"))
  return barePage(
    c,
    "Sign in",
    <>
      <p>
        <button
          class="button primary"
          type="button"
          hidden
          data-passkey="/sign-in/passkey"
          data-passkey-does="sign-in"
          data-back={back}
        >
          Sign in with a passkey
        </button>
      </p>
      <p class="error" role="alert" data-passkey-told="" />
      <form method="post" action="/sign-in/code">
        <input type="hidden" name="back" value={back} />
        <Field label="E-mail" name="email">
          <input id="email" name="email" type="email" required maxlength={254} autocomplete="username" />
        </Field>
        <Button>Mail me a code</Button>
      </form>
      <ClientScript c={c} name="passkeys.client.js" />
    </>,
  )
}

interface Again {
  refused?: boolean
  back?: unknown
}

function codePage(c: AdminRequest, { refused, back = c.req.query("back") }: Again = {}) {
  return barePage(
    c,
    "Enter the code",
    <>
      {refused ? (
        <Notice tone="bad">
          The code does not hold: it is wrong, too old, or of another browser. After three wrong ones wait 15 minutes.
        </Notice>
      ) : (
        <p>If the address is one of the staff's, a code is on its way. It holds for {codeMinutes} minutes.</p>
      )}
      <form method="post" action="/sign-in/verify">
        <input type="hidden" name="back" value={ownPath(back)} />
        <Field label="Code" name="code">
          <input id="code" name="code" inputmode="numeric" required maxlength={20} autocomplete="one-time-code" />
        </Field>
        <Button kind="primary">Sign in</Button>
      </form>
      <p>
        <a href="/sign-in">Ask for another one</a>
      </p>
    </>,
    refused ? 401 : 200,
  )
}

function secondPage(c: AdminRequest, { refused, back = c.req.query("back") }: Again = {}) {
  return barePage(
    c,
    "Enter the app's code",
    <>
      {refused && (
        <Notice tone="bad">
          The code does not hold. After three wrong ones, or five minutes, <a href="/sign-in">begin again</a>.
        </Notice>
      )}
      <form method="post" action="/sign-in/second">
        <input type="hidden" name="back" value={ownPath(back)} />
        <Field label="Code of the authenticator app, or a recovery code" name="code">
          <input id="code" name="code" required maxlength={40} autocomplete="one-time-code" />
        </Field>
        <Button kind="primary">Sign in</Button>
      </form>
    </>,
    refused ? 401 : 200,
  )
}
