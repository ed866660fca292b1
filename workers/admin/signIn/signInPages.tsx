import { AppError } from "../../../shared/errors.ts"
import { isLocal, localStaff } from "../../../shared/staff/localStaff.ts"
import { roles } from "../../../shared/staff/roles.ts"
import { endSession } from "../../../shared/staff/sessions.ts"
import { newPages } from "../adminApp.ts"
import { adminContext } from "../adminContext.ts"
import { barePage } from "../components/barePage.tsx"
import { Button } from "../components/button.tsx"
import { Field, Select } from "../components/field.tsx"
import { ownPath } from "./ownPath.ts"
import { ownSignInPages } from "./ownSignIn.tsx"
import { clearSessionCookie, readSessionCookie } from "./sessionCookie.ts"
import { startSession } from "./startSession.ts"

const hasOneClick = (env: Cloudflare.AdminEnv) => env.SIGN_IN === "local" && isLocal(env)

export const signInPages = newPages()
  .route("/", ownSignInPages)
  .get("/", (c) => {
    const back = ownPath(c.req.query("back"))
    return barePage(
      c,
      "Sign in",
      hasOneClick(c.env) ? (
        <form method="post" action="/sign-in/local">
          <input type="hidden" name="back" value={back} />
          <p>This is local development: pick a role and go on. Deployed Workers do not have this page.</p>
          <Field label="Role" name="role">
            <Select name="role" value="owner" options={roles.map((role) => ({ value: role, label: role }))} />
          </Field>
          <Button kind="primary">Sign in</Button>
        </form>
      ) : (
        <p>
          Cloudflare Access signs staff in before they get here. <a href="/">Go on</a>
        </p>
      ),
    )
  })
  .post("/local", async (c) => {
    if (!hasOneClick(c.env)) throw new AppError("not_found", "One-click sign-in exists in local development only.")
    const form = await c.req.parseBody()
    const role = roles.find((each) => each === form.role) ?? "viewer"
    const ctx = adminContext(c.env, { kind: "public" })
    await startSession(c, await localStaff(ctx, c.env, role))
    return c.redirect(ownPath(typeof form.back === "string" ? form.back : undefined), 303)
  })
  .post("/out", async (c) => {
    const token = readSessionCookie(c)
    if (token) await endSession(adminContext(c.env, { kind: "public" }), token)
    clearSessionCookie(c)
    return c.redirect("/sign-in", 303)
  })
