import { AppError } from "../../../../shared/errors.ts"
import { loadSettings } from "../../../../shared/settings/readSettings.ts"
import { type SettingProblems, saveSetting } from "../../../../shared/settings/saveSetting.ts"
import type { Settings } from "../../../../shared/settings/settings.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Field, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf } from "../formOf.ts"
import { SettingControl } from "../settings/settingControl.tsx"
import { settingValue } from "../settings/settingForms.ts"
import { supportForm } from "./supportForm.ts"
import { TicketTabs } from "./ticketTabs.tsx"

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

interface Refused {
  name: "support" | "supportHours"
  value: Record<string, unknown>
  problems: SettingProblems
}

export const supportSettingsPages = newPages()
  .get("/", (c) => showSettings(c))
  .post("/support", permitted("settings:write"), async (c) =>
    keep(c, "support", settingValue(supportForm, await c.req.parseBody())),
  )
  .post("/hours", permitted("settings:write"), async (c) => keep(c, "supportHours", hoursOf(await formOf(c))))

/** A day without times is one on which nobody is there. */
const hoursOf = (form: Awaited<ReturnType<typeof formOf>>): Record<string, unknown> => ({
  timeZone: form.one("timeZone"),
  days: days.map((_day, index) => {
    const [from, until] = [form.one(`from${index}`), form.one(`until${index}`)]
    return from === "" && until === "" ? null : { from, until }
  }),
})

async function keep(c: AdminRequest, name: Refused["name"], value: Record<string, unknown>) {
  const sent = (await formOf(c)).one("seenAt")
  const seenAt = sent === "" ? null : new Date(sent)
  if (seenAt && Number.isNaN(seenAt.getTime()))
    throw new AppError("bad_request", "The form is incomplete. Open it again.")
  const problems = await saveSetting(c.get("ctx"), { name, value, seenAt })
  if (problems) return showSettings(c, { name, value, problems })
  return c.redirect(`/tickets/settings?saved=${name}#${name}`, 303)
}

/** When staff are there, and how tickets work in Discord. */
async function showSettings(c: AdminRequest, refused?: Refused) {
  const ctx = c.get("ctx")
  const { settings, keptAt } = await loadSettings(ctx)
  const mayWrite = isPermitted(ctx.actor, "settings:write")
  const told = (name: Refused["name"]) => (
    <>
      {c.req.query("saved") === name && <Notice tone="good">Saved. It holds from now on.</Notice>}
      {refused?.name === name && <Notice tone="bad">Not saved: see below what does not fit.</Notice>}
    </>
  )
  const support: Record<string, unknown> = refused?.name === "support" ? refused.value : settings.support
  return page(
    c,
    {
      title: "Hours and settings of tickets",
      trail: [{ label: "Tickets", href: "/tickets" }],
      status: refused ? 400 : 200,
    },
    <>
      <TicketTabs current="/tickets/settings" />
      <Section title="Hours" id="supportHours">
        {told("supportHours")}
        <p class="lead">
          When people are there to answer. Outside of it openers are told when you are back, and the clock of response
          times stands still. A day that ends at or before it begins goes on past midnight.
        </p>
        <form method="post" action="/tickets/settings/hours">
          <input type="hidden" name="seenAt" value={keptAt.get("supportHours")?.toISOString() ?? ""} />
          <fieldset class="plain" disabled={!mayWrite}>
            <Hours
              hours={refused?.name === "supportHours" ? refused.value : settings.supportHours}
              problems={refused?.name === "supportHours" ? refused.problems : {}}
            />
            {mayWrite && <Button kind="primary">Save hours</Button>}
          </fieldset>
        </form>
      </Section>
      <Section title={supportForm.title} id="support">
        {told("support")}
        <p class="lead">{supportForm.lead}</p>
        <form method="post" action="/tickets/settings/support">
          <input type="hidden" name="seenAt" value={keptAt.get("support")?.toISOString() ?? ""} />
          <fieldset class="plain" disabled={!mayWrite}>
            {supportForm.fields.map((field) => (
              <SettingControl
                form={supportForm}
                field={field}
                value={support[field.key]}
                error={refused?.name === "support" ? refused.problems[field.key] : undefined}
              />
            ))}
            {mayWrite && <Button kind="primary">Save settings</Button>}
          </fieldset>
        </form>
      </Section>
    </>,
  )
}

function Hours({ hours, problems }: { hours: Partial<Settings["supportHours"]>; problems: SettingProblems }) {
  return (
    <>
      <Field label="Time zone" name="timeZone" hint="Such as Europe/Berlin." error={problems.timeZone}>
        <TextInput name="timeZone" value={hours.timeZone} error={problems.timeZone} required />
      </Field>
      {problems.days && <p class="error">{problems.days} Every day has both times, or none.</p>}
      {days.map((day, index) => (
        <div class="row fields">
          <Field label={`${day} from`} name={`from${index}`}>
            <TextInput name={`from${index}`} type="time" value={hours.days?.[index]?.from} />
          </Field>
          <Field label={`${day} until`} name={`until${index}`}>
            <TextInput name={`until${index}`} type="time" value={hours.days?.[index]?.until} />
          </Field>
        </div>
      ))}
      <p class="hint">A day without times is one on which nobody is there.</p>
    </>
  )
}
