import { askDryRun } from "../../../../shared/automation/askDryRun.ts"
import type { EventDryRun } from "../../../../shared/automation/dryRunService.ts"
import { automationDetail } from "../../../../shared/automation/listAutomation.ts"
import { ruleSchema } from "../../../../shared/automation/ruleSchema.ts"
import { saveRule } from "../../../../shared/automation/saveRule.ts"
import { changeKinds } from "../../../../shared/billing/change.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf } from "../formOf.ts"
import { ActionRows } from "./actionRows.tsx"
import { ConditionEditor } from "./conditionEditor.tsx"
import { DryRunResult } from "./dryRunResult.tsx"
import { type Edit, editOf } from "./editButton.tsx"
import { Exchanged } from "./exchanged.tsx"
import { History } from "./history.tsx"
import { inWords } from "./inWords.ts"
import { draftOfRule, editRule, emptyRule, type RuleDraft, readRule, ruleOf } from "./ruleDraft.ts"

export const rulePages = newPages()
  .get("/:id", async (c) => {
    const id = c.req.param("id")
    return showRule(c, { draft: id === "new" ? emptyRule : await keptDraft(c, id) })
  })
  .post("/:id", async (c) => {
    const id = c.req.param("id")
    const form = await formOf(c)
    const does = form.one("does")
    if (does !== "try") requirePermission(c.get("ctx"), "automations:write")
    const { draft, problem } = readRule(form, id === "new" ? null : id)
    if (problem) return showRule(c, { draft, problem })
    const edit = editOf(does)
    if (edit) return showRule(c, editRule(draft, edit))
    const eventId = form.one("event")
    try {
      const rule = ruleOf(draft)
      if (does === "try") {
        const tried = await askDryRun(c.get("ctx"), { service: c.env.AUTOMATIONS, eventId, rule })
        return showRule(c, { draft, eventId, tried })
      }
      const { version: _, ...written } = rule
      await saveRule(c.get("ctx"), { ...written, seenVersion: draft.seenVersion })
      return c.redirect(`/automations/rules/${rule.id}?saved=1`, 303)
    } catch (thrown) {
      const status = thrown instanceof AppError ? answered[thrown.code] : undefined
      if (!(thrown instanceof AppError) || !status) throw thrown
      return showRule(c, { draft, eventId, problem: thrown.message, status })
    }
  })

/** Errors that the form tells of, beside what was entered. */
const answered: Partial<Record<AppError["code"], 400 | 409 | 503>> = {
  bad_request: 400,
  // An event that was never received.
  not_found: 400,
  conflict: 409,
  vendor_unavailable: 503,
}

async function keptDraft(c: AdminRequest, id: string): Promise<RuleDraft> {
  const { rule } = await automationDetail(c.get("ctx"), { kind: "rule", id })
  if (!rule) throw new AppError("not_found", `There is no rule "${id}".`)
  const { updatedAt: _, ...row } = rule
  const read = ruleSchema.safeParse(row)
  if (!read.success) throw new AppError("misconfigured", `The kept rule "${id}" does not fit.`)
  return draftOfRule(read.data)
}

interface Shown {
  draft: RuleDraft
  problem?: string
  /** Of the answer with a problem. */
  status?: 400 | 409 | 503
  /** The part that was changed just now, and why it was not. */
  focus?: Edit
  refused?: string | undefined
  eventId?: string
  tried?: EventDryRun
}

async function showRule(c: AdminRequest, { draft, problem, status = 400, focus, refused, eventId, tried }: Shown) {
  const ctx = c.get("ctx")
  const detail = await automationDetail(ctx, { kind: "rule", id: draft.id })
  const isNew = c.req.param("id") === "new"
  const mayWrite = isPermitted(ctx.actor, "automations:write")
  const here = `/automations/rules/${isNew ? "new" : draft.id}`
  const focusIn = (name: string) => (focus?.name === name ? focus.at : undefined)
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
      <form method="post" action={here} data-again="">
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
            <p class="lead">Without a condition the rule always holds.</p>
            <Exchanged id="condition">
              <ConditionEditor
                name="if"
                tree={draft.condition}
                here={here}
                mayWrite={mayWrite}
                focus={focusIn("if")}
                problem={refused}
              />
            </Exchanged>
          </Section>
          <Section title="Then">
            <Exchanged id="actions">
              <ActionRows
                rows={draft.actions}
                sequences={detail.sequences}
                here={here}
                mayWrite={mayWrite}
                focus={focusIn("actions")}
              />
            </Exchanged>
          </Section>
          {mayWrite && (
            <p class="row">
              <Button kind="primary" name="does" value="save">
                {isNew ? "Create rule" : "Save rule"}
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
