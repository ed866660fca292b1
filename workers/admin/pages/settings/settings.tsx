import { AppError } from "../../../../shared/errors.ts"
import { loadSettings } from "../../../../shared/settings/readSettings.ts"
import { type SettingProblems, saveSetting } from "../../../../shared/settings/saveSetting.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button, LinkButton } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { apiKeysPages } from "./apiKeys.tsx"
import { SettingControl } from "./settingControl.tsx"
import { type SettingForm, settingForms, settingValue } from "./settingForms.ts"

export const settingsPages = newPages()
  .get("/", (c) => settingsPage(c, {}))
  .route("/api-keys", apiKeysPages)
  .post("/:name", async (c) => {
    const form = settingForms.find(({ name }) => name === c.req.param("name"))
    if (!form) throw new AppError("not_found", `There is no setting ${c.req.param("name")}.`)
    const sent = await c.req.parseBody()
    const seenAt = typeof sent.seenAt === "string" && sent.seenAt !== "" ? new Date(sent.seenAt) : null
    if (seenAt && Number.isNaN(seenAt.getTime()))
      throw new AppError("bad_request", "The form is incomplete. Open it again.")
    const value = settingValue(form, sent)
    const problems = await saveSetting(c.get("ctx"), { name: form.name, value, seenAt })
    if (problems) return settingsPage(c, { refused: { form, value, problems } })
    return c.redirect(`/settings?saved=${form.name}#${form.name}`, 303)
  })

interface Refused {
  form: SettingForm
  value: Record<string, unknown>
  problems: SettingProblems
}

async function settingsPage(c: AdminRequest, { refused }: { refused?: Refused }) {
  const ctx = c.get("ctx")
  const { settings, keptAt } = await loadSettings(ctx)
  const mayWrite = isPermitted(ctx.actor, "settings:write")
  const saved = c.req.query("saved")
  return page(
    c,
    {
      title: "Settings",
      status: refused ? 400 : 200,
      actions: isPermitted(ctx.actor, "apiKeys:read") && <LinkButton href="/settings/api-keys">API keys</LinkButton>,
    },
    settingForms.map((form) => {
      const wrong = refused?.form === form ? refused : undefined
      const value: Record<string, unknown> = wrong?.value ?? settings[form.name]
      return (
        <Section title={form.title} id={form.name}>
          {saved === form.name && <Notice tone="good">Saved. It holds from now on.</Notice>}
          {wrong && <Notice tone="bad">Not saved: see below what does not fit.</Notice>}
          <p class="lead">{form.lead}</p>
          <form method="post" action={`/settings/${form.name}`}>
            <input type="hidden" name="seenAt" value={keptAt.get(form.name)?.toISOString() ?? ""} />
            <fieldset class="plain" disabled={!mayWrite}>
              {form.fields.map((field) => (
                <SettingControl form={form} field={field} value={value[field.key]} error={wrong?.problems[field.key]} />
              ))}
              {mayWrite && <Button kind="primary">{`Save ${form.title.toLowerCase()}`}</Button>}
            </fieldset>
          </form>
        </Section>
      )
    }),
  )
}
