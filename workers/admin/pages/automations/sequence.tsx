import { automationDetail } from "../../../../shared/automation/listAutomation.ts"
import { saveSequence } from "../../../../shared/automation/saveSequence.ts"
import { sequenceSchema } from "../../../../shared/automation/sequenceSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf } from "../formOf.ts"
import { type Edit, editOf } from "./editButton.tsx"
import { Exchanged } from "./exchanged.tsx"
import { ExitRows } from "./exitRows.tsx"
import { History } from "./history.tsx"
import {
  draftOfSequence,
  editSequence,
  emptySequence,
  readSequence,
  type SequenceDraft,
  sequenceOf,
} from "./sequenceDraft.ts"
import { StepRows } from "./stepRows.tsx"

export const sequencePages = newPages()
  .get("/:id", async (c) => {
    const id = c.req.param("id")
    return showSequence(c, { draft: id === "new" ? emptySequence : await keptDraft(c, id) })
  })
  .post("/:id", async (c) => {
    requirePermission(c.get("ctx"), "automations:write")
    const id = c.req.param("id")
    const form = await formOf(c)
    const { draft, problem } = readSequence(form, id === "new" ? null : id)
    if (problem) return showSequence(c, { draft, problem })
    const edit = editOf(form.one("does"))
    if (edit) return showSequence(c, editSequence(draft, edit))
    try {
      const { version: _, ...sequence } = sequenceOf(draft)
      await saveSequence(c.get("ctx"), { ...sequence, seenVersion: draft.seenVersion })
      return c.redirect(`/automations/sequences/${sequence.id}?saved=1`, 303)
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "conflict"))
        return showSequence(c, { draft, problem: thrown.message, status: thrown.code === "conflict" ? 409 : 400 })
      throw thrown
    }
  })

async function keptDraft(c: AdminRequest, id: string): Promise<SequenceDraft> {
  const { sequence } = await automationDetail(c.get("ctx"), { kind: "sequence", id })
  if (!sequence) throw new AppError("not_found", `There is no sequence "${id}".`)
  const { updatedAt: _, ...row } = sequence
  const read = sequenceSchema.safeParse(row)
  if (!read.success) throw new AppError("misconfigured", `The kept sequence "${id}" does not fit.`)
  return draftOfSequence(read.data)
}

interface Shown {
  draft: SequenceDraft
  problem?: string
  /** Of the answer with a problem. */
  status?: 400 | 409
  /** The part that was changed just now, and why it was not. */
  focus?: Edit
  refused?: string | undefined
}

async function showSequence(c: AdminRequest, { draft, problem, status = 400, focus, refused }: Shown) {
  const ctx = c.get("ctx")
  const detail = await automationDetail(ctx, { kind: "sequence", id: draft.id })
  const isNew = c.req.param("id") === "new"
  const mayWrite = isPermitted(ctx.actor, "automations:write")
  const here = `/automations/sequences/${isNew ? "new" : draft.id}`
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
      <form method="post" action={here} data-again="">
        <fieldset class="wide" disabled={!mayWrite}>
          <input type="hidden" name="seenVersion" value={String(draft.seenVersion)} />
          {/* Enter keeps the sequence, whichever button comes first below. */}
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
            <Exchanged id="mails">
              <StepRows
                rows={draft.steps}
                templates={detail.templates}
                waiting={detail.waiting}
                here={here}
                mayWrite={mayWrite}
                focus={focus?.name === "mails" ? focus.at : undefined}
              />
            </Exchanged>
          </Section>
          <Section title="What ends it">
            <p class="lead">Whoever one of these fits leaves, and gets no more of its mails.</p>
            <Exchanged id="exits">
              <ExitRows exits={draft.exits} here={here} mayWrite={mayWrite} focus={focus} refused={refused} />
            </Exchanged>
          </Section>
          {mayWrite && (
            <p class="row">
              <Button kind="primary" name="does" value="save">
                {isNew ? "Create sequence" : "Save sequence"}
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
