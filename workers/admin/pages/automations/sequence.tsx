import { automationDetail } from "../../../../shared/automation/listAutomation.ts"
import { saveSequence } from "../../../../shared/automation/saveSequence.ts"
import { type Delay, type Sequence, sequenceSchema } from "../../../../shared/automation/sequenceSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextArea, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf, idFromName, seenVersionOf } from "../formOf.ts"
import { fieldOptions, operatorOptions } from "./conditionChoices.ts"
import { type ExitRow, exitRows, exitsOf } from "./exitForm.ts"
import { History } from "./history.tsx"

interface StepRow {
  template: string
  amount: string
  /** minutes, hours or days after the change; `at` is a time of day, `amount` days later. */
  unit: string
  time: string
}

interface Draft {
  id: string
  /** Of the version that the form was filled with; 0 for a new one. */
  seenVersion: number
  name: string
  mailClass: string
  staleAfterHours: string
  enabled: boolean
  steps: StepRow[]
  /** Null where rows cannot say them: then they are JSON. */
  exits: ExitRow[] | null
  exitsJson: string
}

const endsWithSubscription: ExitRow[] = [
  { field: "subscription.endedAt", op: "exists", value: "", reason: "the subscription has ended" },
]
const emptyDraft: Draft = {
  id: "",
  seenVersion: 0,
  name: "",
  mailClass: "transactional",
  staleAfterHours: "48",
  enabled: true,
  steps: [],
  exits: endsWithSubscription,
  exitsJson: "",
}

export const sequencePages = newPages()
  .get("/:id", async (c) => {
    const id = c.req.param("id")
    return showSequence(c, { draft: id === "new" ? emptyDraft : await keptDraft(c, id) })
  })
  .post("/:id", async (c) => {
    const draft = await draftOf(c)
    if ((await formOf(c)).one("does") === "more") return showSequence(c, { draft, spare: 4 })
    requirePermission(c.get("ctx"), "automations:write")
    const read = sequenceOf(draft)
    if (typeof read === "string") return showSequence(c, { draft, problem: read })
    try {
      const { version: _, ...sequence } = read
      await saveSequence(c.get("ctx"), { ...sequence, seenVersion: draft.seenVersion })
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "conflict"))
        return showSequence(c, { draft, problem: thrown.message, status: thrown.code === "conflict" ? 409 : 400 })
      throw thrown
    }
    return c.redirect(`/automations/sequences/${read.id}?saved=1`, 303)
  })

async function keptDraft(c: AdminRequest, id: string): Promise<Draft> {
  const { sequence } = await automationDetail(c.get("ctx"), { kind: "sequence", id })
  if (!sequence) throw new AppError("not_found", `There is no sequence "${id}".`)
  const { updatedAt: _, ...row } = sequence
  const read = sequenceSchema.safeParse(row)
  if (!read.success) throw new AppError("misconfigured", `The kept sequence "${id}" does not fit.`)
  const { name, mailClass, staleAfterHours, enabled, steps, exits } = read.data
  return {
    id,
    seenVersion: row.version,
    name,
    mailClass,
    staleAfterHours: String(staleAfterHours),
    enabled,
    steps: steps.map(({ template, delay }) => ({ template, ...delayRow(delay) })),
    exits: exitRows(exits),
    exitsJson: JSON.stringify(exits, null, 2),
  }
}

function delayRow(delay: Delay): Omit<StepRow, "template"> {
  if ("at" in delay) return { amount: String(delay.days), unit: "at", time: delay.at }
  const minutes = delay.after
  const [unit, size] =
    minutes % 1440 === 0 && minutes > 0
      ? ["days", 1440]
      : minutes % 60 === 0 && minutes > 0
        ? ["hours", 60]
        : ["minutes", 1]
  return { amount: String(minutes / Number(size)), unit: String(unit), time: "09:00" }
}

const inMinutes: Record<string, number> = { minutes: 1, hours: 60, days: 1440 }

function delayOf({ amount, unit, time }: StepRow): Delay {
  const count = amount.trim() === "" ? 0 : Number(amount)
  return unit === "at" ? { at: time, days: count } : { after: count * (inMinutes[unit] ?? 1) }
}

async function draftOf(c: AdminRequest): Promise<Draft> {
  const form = await formOf(c)
  const id = c.req.param("id") ?? "new"
  const [amounts, units, times] = ["amount", "unit", "time"].map((name) => form.all(name))
  const [exitOps, exitValues, reasons] = ["exitOp", "exitValue", "exitReason"].map((name) => form.all(name))
  return {
    id: id === "new" ? idFromName(form.one("name")) : id,
    seenVersion: seenVersionOf(form.one("seenVersion")),
    name: form.one("name"),
    mailClass: form.one("mailClass"),
    staleAfterHours: form.one("staleAfterHours"),
    enabled: form.one("enabled") === "yes",
    steps: form
      .all("template")
      .map((template, index) => ({
        template,
        amount: amounts?.[index] ?? "0",
        unit: units?.[index] ?? "minutes",
        time: times?.[index] ?? "09:00",
      }))
      .filter(({ template }) => template !== ""),
    exits:
      form.one("exitsAs") === "json"
        ? null
        : form
            .all("exitField")
            .map((field, index) => ({
              field,
              op: exitOps?.[index] ?? "eq",
              value: exitValues?.[index] ?? "",
              reason: reasons?.[index]?.trim() ?? "",
            }))
            .filter(({ field, value, reason }) => field !== "" || value.trim() !== "" || reason !== ""),
    exitsJson: form.one("exitsJson"),
  }
}

function sequenceOf(draft: Draft): Sequence | string {
  if (draft.name === "") return "A sequence needs a name."
  if (draft.steps.length === 0) return "A sequence needs a mail."
  let exits: unknown = draft.exits && exitsOf(draft.exits)
  if (typeof exits === "string") return exits
  if (exits === null) {
    try {
      exits = JSON.parse(draft.exitsJson === "" ? "[]" : draft.exitsJson)
    } catch {
      return "What ends the sequence is no JSON."
    }
  }
  const { id, name, mailClass, enabled } = draft
  const read = sequenceSchema.safeParse({
    id,
    name,
    mailClass,
    enabled,
    exits,
    staleAfterHours: Number(draft.staleAfterHours),
    steps: draft.steps.map((row) => ({ template: row.template, delay: delayOf(row) })),
    version: 1,
  })
  return read.success ? read.data : "A delay, the hours or what ends the sequence does not fit."
}

interface Shown {
  draft: Draft
  problem?: string
  /** Of the answer with a problem. */
  status?: 400 | 409
  spare?: number
}

async function showSequence(c: AdminRequest, { draft, problem, status = 400, spare = 1 }: Shown) {
  const ctx = c.get("ctx")
  const detail = await automationDetail(ctx, { kind: "sequence", id: draft.id })
  const isNew = c.req.param("id") === "new"
  const mayWrite = isPermitted(ctx.actor, "automations:write")
  const blankExit: ExitRow = { field: "", op: "eq", value: "", reason: "" }
  const blank: StepRow = { template: "", amount: "0", unit: "days", time: "09:00" }
  const rows = [...draft.steps, ...Array.from({ length: mayWrite ? spare : 0 }, () => blank)]
  return page(
    c,
    {
      title: isNew ? "New sequence" : draft.name,
      trail: [{ label: "Automations", href: "/automations" }],
      status: problem ? status : 200,
    },
    <>
      {c.req.query("saved") && <Notice tone="good">Kept. Rules can enrol people in it now.</Notice>}
      {problem && <Notice tone="bad">{problem}</Notice>}
      <form method="post" action={`/automations/sequences/${isNew ? "new" : draft.id}`} data-again="">
        <fieldset class="wide" disabled={!mayWrite}>
          <input type="hidden" name="seenVersion" value={String(draft.seenVersion)} />
          <button class="hidden" type="submit" name="does" value="save" tabindex={-1}>
            Save
          </button>
          <Section title="Sequence">
            <Field label="Name" name="name">
              <TextInput name="name" value={draft.name} required maxLength={120} />
            </Field>
            <Field
              label="Kind of mail"
              name="mailClass"
              hint="Marketing has quiet hours, a cap, and an unsubscribe link."
            >
              <Select
                name="mailClass"
                value={draft.mailClass}
                options={["transactional", "marketing"].map((value) => ({ value, label: value }))}
              />
            </Field>
            <Field label="Hours after which a mail is too late to be sent" name="staleAfterHours">
              <TextInput name="staleAfterHours" type="number" value={draft.staleAfterHours} />
            </Field>
            <Checkbox name="enabled" label="The sequence is on" checked={draft.enabled} />
          </Section>
          <Section title="Mails">
            {rows.map((row, index) => (
              <div class="row fields">
                <Field label={`Mail ${index + 1}`} name="template" id={`template-${index}`}>
                  <Select
                    id={`template-${index}`}
                    name="template"
                    value={row.template}
                    options={detail.templates.map(({ id, name }) => ({ value: id, label: name }))}
                    empty="–"
                  />
                </Field>
                <Field label="after" name="amount" id={`amount-${index}`}>
                  <TextInput id={`amount-${index}`} name="amount" type="number" value={row.amount} />
                </Field>
                <Field label="unit" name="unit" id={`unit-${index}`}>
                  <Select
                    id={`unit-${index}`}
                    name="unit"
                    value={row.unit}
                    options={[
                      { value: "minutes", label: "minutes" },
                      { value: "hours", label: "hours" },
                      { value: "days", label: "days" },
                      { value: "at", label: "days, at the customer's" },
                    ]}
                  />
                </Field>
                <Field label="time of day" name="time" id={`time-${index}`}>
                  <TextInput id={`time-${index}`} name="time" type="time" value={row.time} />
                </Field>
                {detail.waiting.has(index) && <Badge tone="info">{`${detail.waiting.get(index)} wait for it`}</Badge>}
              </div>
            ))}
          </Section>
          <Section title="What ends it">
            <p class="lead">Whoever one of these fits leaves, and gets no more of its mails.</p>
            {draft.exits === null ? (
              <>
                <input type="hidden" name="exitsAs" value="json" />
                <Field label="Exit conditions" name="exitsJson" hint="They say more than rows can, so they are JSON.">
                  <TextArea name="exitsJson" code rows={8} value={draft.exitsJson} />
                </Field>
              </>
            ) : (
              [...draft.exits, ...Array.from({ length: mayWrite ? spare : 0 }, () => blankExit)].map((row, index) => (
                <div class="row fields">
                  <Field label="When" name="exitField" id={`exit-field-${index}`}>
                    <Select
                      id={`exit-field-${index}`}
                      name="exitField"
                      value={row.field}
                      options={fieldOptions}
                      empty="–"
                    />
                  </Field>
                  <Field label="compares" name="exitOp" id={`exit-op-${index}`}>
                    <Select id={`exit-op-${index}`} name="exitOp" value={row.op} options={operatorOptions} />
                  </Field>
                  <Field label="with" name="exitValue" id={`exit-value-${index}`}>
                    <TextInput
                      id={`exit-value-${index}`}
                      name="exitValue"
                      value={row.value}
                      placeholder="several, by comma"
                    />
                  </Field>
                  <Field label="because" name="exitReason" id={`exit-reason-${index}`}>
                    <TextInput id={`exit-reason-${index}`} name="exitReason" value={row.reason} maxLength={200} />
                  </Field>
                </div>
              ))
            )}
          </Section>
          {mayWrite && (
            <p class="row">
              <Button kind="primary" name="does" value="save">
                {isNew ? "Create sequence" : "Save sequence"}
              </Button>
              <Button name="does" value="more">
                More rows
              </Button>
            </p>
          )}
        </fieldset>
      </form>
      {!isNew && (
        <>
          <Section title="People in it" id="people">
            {detail.people.length === 0 && <p class="hint">Nobody now</p>}
            <ul class="lines">
              {detail.people.map(({ id, name }) => (
                <li>
                  <a href={`/customers/${id}#sequences`}>{name ?? "Without a name"}</a>
                </li>
              ))}
            </ul>
          </Section>
          <History history={detail.history} />
        </>
      )}
    </>,
  )
}
