import { askDryRun } from "../../../../shared/automation/askDryRun.ts"
import type { EventDryRun } from "../../../../shared/automation/dryRunService.ts"
import { automationDetail } from "../../../../shared/automation/listAutomation.ts"
import { type Rule, ruleSchema, subjects } from "../../../../shared/automation/ruleSchema.ts"
import { saveRule } from "../../../../shared/automation/saveRule.ts"
import { changeKinds } from "../../../../shared/billing/change.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextArea, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf, idFromName, seenVersionOf } from "../formOf.ts"
import { fieldOptions, operatorOptions } from "./conditionChoices.ts"
import { DryRunResult } from "./dryRunResult.tsx"
import { History } from "./history.tsx"
import { inWords } from "./inWords.ts"
import {
  type ActionRow,
  actionRows,
  actionsOf,
  type ConditionRow,
  conditionOf,
  conditionRows,
  type Match,
} from "./ruleForm.ts"

/** A rule as its form shows it. */
interface Draft {
  id: string
  /** Of the version that the form was filled with; 0 for a new one. */
  seenVersion: number
  name: string
  changeKind: string
  enabled: boolean
  match: Match
  conditions: ConditionRow[]
  conditionJson: string
  /** Null: the actions are JSON. */
  actions: ActionRow[] | null
  actionsJson: string
}

const emptyDraft: Draft = {
  id: "",
  seenVersion: 0,
  name: "",
  changeKind: "",
  enabled: true,
  match: "all",
  conditions: [],
  conditionJson: "",
  actions: [],
  actionsJson: "",
}

export const rulePages = newPages()
  .get("/:id", async (c) => {
    const id = c.req.param("id")
    if (id === "new") return showRule(c, { draft: emptyDraft })
    return showRule(c, { draft: await keptDraft(c, id) })
  })
  .post("/:id", async (c) => {
    const draft = await draftOf(c)
    const form = await formOf(c)
    const does = form.one("does")
    if (does === "more") return showRule(c, { draft, spare: 4 })
    if (does !== "try") requirePermission(c.get("ctx"), "automations:write")
    const read = ruleOf(draft)
    if (typeof read === "string") return showRule(c, { draft, problem: read })
    if (does === "try") {
      const eventId = form.one("event")
      try {
        const tried = await askDryRun(c.get("ctx"), { service: c.env.AUTOMATIONS, eventId, rule: read })
        return showRule(c, { draft, eventId, tried })
      } catch (thrown) {
        if (thrown instanceof AppError && (thrown.code === "not_found" || thrown.code === "vendor_unavailable"))
          return showRule(c, {
            draft,
            eventId,
            problem: thrown.message,
            status: thrown.code === "not_found" ? 400 : 503,
          })
        throw thrown
      }
    }
    try {
      const { version: _, ...rule } = read
      await saveRule(c.get("ctx"), { ...rule, seenVersion: draft.seenVersion })
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "conflict"))
        return showRule(c, { draft, problem: thrown.message, status: thrown.code === "conflict" ? 409 : 400 })
      throw thrown
    }
    return c.redirect(`/automations/rules/${read.id}?saved=1`, 303)
  })

async function keptDraft(c: AdminRequest, id: string): Promise<Draft> {
  const { rule } = await automationDetail(c.get("ctx"), { kind: "rule", id })
  if (!rule) throw new AppError("not_found", `There is no rule "${id}".`)
  const { updatedAt: _, ...row } = rule
  const read = ruleSchema.safeParse(row)
  const { name, changeKind, enabled } = row
  if (!read.success) throw new AppError("misconfigured", `The kept rule "${id}" does not fit.`)
  const { match, rows, json } = conditionRows(read.data.condition)
  return {
    id,
    seenVersion: row.version,
    name,
    changeKind,
    enabled,
    match,
    conditions: rows,
    conditionJson: json,
    actions: actionRows(read.data.actions),
    actionsJson: JSON.stringify(read.data.actions, null, 2),
  }
}

async function draftOf(c: AdminRequest): Promise<Draft> {
  const form = await formOf(c)
  const id = c.req.param("id") ?? "new"
  const match = form.one("match")
  const [ops, values, targets, about] = ["op", "value", "target", "subject"].map((name) => form.all(name))
  return {
    id: id === "new" ? idFromName(form.one("name")) : id,
    seenVersion: seenVersionOf(form.one("seenVersion")),
    name: form.one("name"),
    changeKind: form.one("changeKind"),
    enabled: form.one("enabled") === "yes",
    match: match === "any" || match === "json" ? match : "all",
    conditions: form
      .all("field")
      .map((field, index) => ({ field, op: ops?.[index] ?? "eq", value: values?.[index] ?? "" }))
      .filter(({ field, value }) => field !== "" || value.trim() !== ""),
    conditionJson: form.one("conditionJson"),
    actions:
      form.one("actionsAs") === "json"
        ? null
        : form
            .all("do")
            .map((each, index) => ({ do: each, target: targets?.[index] ?? "", subject: about?.[index] ?? "" }))
            .filter((each) => each.do !== "" || each.target.trim() !== ""),
    actionsJson: form.one("actionsJson"),
  }
}

function ruleOf(draft: Draft): Rule | string {
  if (draft.name === "") return "A rule needs a name."
  const changeKind = changeKinds.find((kind) => kind === draft.changeKind)
  if (!changeKind) return "Choose what the rule reacts to."
  const idle = draft.actions?.find((action) => action.do === "")
  if (idle) return `Choose what to do with "${idle.target}".`
  const vague = draft.match === "json" ? undefined : draft.conditions.find(({ field }) => field === "")
  if (vague) return `Choose the field that is compared with "${vague.value}".`
  const condition = conditionOf(draft.match, draft.conditions, draft.conditionJson)
  if (typeof condition === "string") return condition
  let actions: unknown = draft.actions && actionsOf(draft.actions)
  if (actions === null) {
    try {
      actions = JSON.parse(draft.actionsJson)
    } catch {
      return "The actions are no JSON."
    }
  }
  const { id, name, enabled } = draft
  const read = ruleSchema.safeParse({ id, name, changeKind, condition, actions, enabled, version: 1 })
  if (!read.success) return "The condition or the actions do not have the shape that rules know."
  if (read.data.actions.length === 0) return "A rule needs an action."
  return read.data
}

const actionOptions = [
  { value: "enrol", label: "Enrol in a sequence" },
  { value: "leave", label: "Leave a sequence (same subject)" },
  { value: "leave_all", label: "Leave a sequence (whatever it is about)" },
  { value: "add_tag", label: "Add a tag" },
  { value: "remove_tag", label: "Remove a tag" },
  { value: "notify_staff", label: "Notify staff" },
]

interface Shown {
  draft: Draft
  problem?: string
  /** Of the answer with a problem. */
  status?: 400 | 409 | 503
  spare?: number
  eventId?: string
  tried?: EventDryRun
}

async function showRule(c: AdminRequest, { draft, problem, status = 400, spare = 1, eventId, tried }: Shown) {
  const ctx = c.get("ctx")
  const detail = await automationDetail(ctx, { kind: "rule", id: draft.id })
  const isNew = c.req.param("id") === "new"
  const mayWrite = isPermitted(ctx.actor, "automations:write")
  const blank = <Row,>(rows: Row[], row: Row) => [...rows, ...Array.from({ length: mayWrite ? spare : 0 }, () => row)]
  return page(
    c,
    {
      title: isNew ? "New rule" : draft.name,
      trail: [{ label: "Automations", href: "/automations" }],
      status: problem ? status : 200,
    },
    <>
      {c.req.query("saved") && <Notice tone="good">Kept. It holds from the next event on.</Notice>}
      {problem && <Notice tone="bad">{problem}</Notice>}
      <form method="post" action={`/automations/rules/${isNew ? "new" : draft.id}`} data-again="">
        <fieldset class="wide" disabled={!mayWrite}>
          <input type="hidden" name="seenVersion" value={String(draft.seenVersion)} />
          {/* Enter keeps the rule, whichever button comes first below. */}
          <button class="hidden" type="submit" name="does" value="save" tabindex={-1}>
            Save
          </button>
          <Section title="When">
            <Field label="Name" name="name">
              <TextInput name="name" value={draft.name} required maxLength={120} />
            </Field>
            <Field label="Reacts to" name="changeKind">
              <Select
                name="changeKind"
                value={draft.changeKind}
                options={changeKinds.map((value) => ({ value, label: inWords(value) }))}
                empty="Choose"
              />
            </Field>
            <Checkbox name="enabled" label="The rule is on" checked={draft.enabled} />
          </Section>
          <Section title="If">
            <Field label="Where" name="match" hint="Without a condition the rule always holds.">
              <Select
                name="match"
                value={draft.match}
                options={[
                  { value: "all", label: "all of these hold" },
                  { value: "any", label: "any of these holds" },
                  { value: "json", label: "the condition below, as JSON" },
                ]}
              />
            </Field>
            {blank(draft.conditions, { field: "", op: "eq", value: "" }).map((row, index) => (
              <div class="row fields">
                <Field label="Field" name="field" id={`field-${index}`}>
                  <Select id={`field-${index}`} name="field" value={row.field} options={fieldOptions} empty="–" />
                </Field>
                <Field label="compares" name="op" id={`op-${index}`}>
                  <Select id={`op-${index}`} name="op" value={row.op} options={operatorOptions} />
                </Field>
                <Field label="with" name="value" id={`value-${index}`}>
                  <TextInput id={`value-${index}`} name="value" value={row.value} placeholder="several, by comma" />
                </Field>
              </div>
            ))}
            <details open={draft.match === "json"}>
              <summary>As JSON</summary>
              <Field label="Condition" name="conditionJson">
                <TextArea name="conditionJson" code rows={8} value={draft.conditionJson} />
              </Field>
            </details>
          </Section>
          <Section title="Then">
            {draft.actions === null ? (
              <>
                <input type="hidden" name="actionsAs" value="json" />
                <Field label="Actions" name="actionsJson" hint="They say more than rows can, so they are JSON.">
                  <TextArea name="actionsJson" code rows={12} value={draft.actionsJson} />
                </Field>
              </>
            ) : (
              blank(draft.actions, { do: "", target: "", subject: "" }).map((row, index) => (
                <div class="row fields">
                  <Field label="Action" name="do" id={`do-${index}`}>
                    <Select id={`do-${index}`} name="do" value={row.do} options={actionOptions} empty="–" />
                  </Field>
                  <Field label="Sequence, tag or message" name="target" id={`target-${index}`}>
                    <input
                      id={`target-${index}`}
                      name="target"
                      value={row.target}
                      list="sequences"
                      autocomplete="off"
                      maxlength={500}
                    />
                  </Field>
                  <Field label="Once for each, or why" name="subject" id={`subject-${index}`}>
                    <input
                      id={`subject-${index}`}
                      name="subject"
                      value={row.subject}
                      list="subjects"
                      autocomplete="off"
                      placeholder="customer"
                    />
                  </Field>
                </div>
              ))
            )}
            <datalist id="sequences">
              {detail.sequences.map(({ id, name }) => (
                <option value={id}>{name}</option>
              ))}
            </datalist>
            <datalist id="subjects">
              {subjects.map((value) => (
                <option value={value} />
              ))}
            </datalist>
          </Section>
          {mayWrite && (
            <p class="row">
              <Button kind="primary" name="does" value="save">
                {isNew ? "Create rule" : "Save rule"}
              </Button>
              <Button name="does" value="more">
                More rows
              </Button>
            </p>
          )}
          <Section title="Try it" id="try">
            <Field
              label="Event"
              name="event"
              hint={
                <>
                  Who would have got what, had this <a href="/events">event</a> come now. Nothing is written.
                </>
              }
            >
              <TextInput name="event" value={eventId} placeholder="evt_…" />
            </Field>
            <Button name="does" value="try">
              Try
            </Button>
            {tried && <DryRunResult run={tried} ruleId={draft.id} />}
          </Section>
        </fieldset>
      </form>
      {!isNew && <History history={detail.history} />}
    </>,
  )
}
