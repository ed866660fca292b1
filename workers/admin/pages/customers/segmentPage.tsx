import type { SegmentCondition } from "../../../../shared/customers/segmentCondition.ts"
import { editSegment } from "../../../../shared/customers/segmentList.ts"
import { readSegmentCondition, saveSegment } from "../../../../shared/customers/segmentSave.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted, requirePermission } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Button, LinkButton } from "../../components/button.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { address } from "../address.ts"
import { formOf, seenVersionOf } from "../formOf.ts"
import { comparisonsFrom, rowsOf, type SegmentRow } from "./segmentForm.ts"
import { SegmentRows } from "./segmentRows.tsx"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A segment as its form shows it. */
interface Draft {
  /** Of a new one too, so that sending it twice saves it once. */
  id: string
  /** Of the version that the form was filled with; 0 for a new one. */
  seenVersion: number
  name: string
  match: "all" | "any"
  rows: SegmentRow[]
}

async function draftOf(c: AdminRequest, kept: string | null): Promise<Draft & { does: string }> {
  const form = await formOf(c)
  const given = kept ?? form.one("id")
  if (!uuid.test(given)) throw new AppError("bad_request", "The form has no id. Open the page again.")
  const indexes = form.all("row").filter((index) => /^\d{1,2}$/.test(index))
  return {
    id: given,
    seenVersion: seenVersionOf(form.one("seenVersion")),
    name: form.one("name"),
    match: form.one("match") === "any" ? "any" : "all",
    rows: indexes
      .map((index) => ({
        field: form.one(`field-${index}`),
        op: form.one(`op-${index}`),
        values: form.all(`value-${index}`),
      }))
      .filter(({ field }) => field !== ""),
    does: form.one("does"),
  }
}

const conditionOf = ({ match, rows }: Draft): SegmentCondition => {
  const comparisons = comparisonsFrom(rows)
  return readSegmentCondition(match === "any" ? { any: comparisons } : { all: comparisons })
}

/** Keeps what the form says, or shows it again with room for more. */
export async function keepSegment(c: AdminRequest, kept: string | null) {
  requirePermission(c.get("ctx"), "segments:write")
  const { does, ...draft } = await draftOf(c, kept)
  if (does !== "save") return showSegment(c, kept, { draft })
  try {
    await saveSegment(c.get("ctx"), {
      id: draft.id,
      name: draft.name,
      condition: conditionOf(draft),
      seenVersion: draft.seenVersion,
    })
  } catch (thrown) {
    if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "conflict"))
      return showSegment(c, kept, { draft, problem: thrown })
    throw thrown
  }
  return c.redirect(`/customers/segments/${draft.id}?saved=1`, 303)
}

/** The condition of a draft as far as it is one. */
function soFar(draft: Draft): SegmentCondition | undefined {
  try {
    return conditionOf(draft)
  } catch {
    return undefined
  }
}

export async function showSegment(
  c: AdminRequest,
  kept: string | null,
  given: { draft?: Draft; problem?: AppError } = {},
) {
  const ctx = c.get("ctx")
  const { segment, choices, size } = await editSegment(ctx, {
    id: kept ?? undefined,
    draft: given.draft && soFar(given.draft),
  })
  const draft = given.draft ?? {
    id: segment?.id ?? crypto.randomUUID(),
    seenVersion: segment?.version ?? 0,
    name: segment?.name ?? "",
    match: segment && "any" in segment.condition ? ("any" as const) : ("all" as const),
    rows: segment ? rowsOf(segment.condition) : [],
  }
  const mayWrite = isPermitted(ctx.actor, "segments:write")
  const here = kept ? `/customers/segments/${kept}` : "/customers/segments/new"
  return page(
    c,
    {
      title: segment?.name ?? "New segment",
      trail: [
        { label: "Customers", href: "/customers" },
        { label: "Segments", href: "/customers/segments" },
      ],
      actions: kept && <LinkButton href={address("/customers", { segment: kept })}>Show these customers</LinkButton>,
      status: given.problem ? (given.problem.code === "conflict" ? 409 : 400) : 200,
    },
    <>
      {c.req.query("saved") && <Notice tone="good">The segment is saved.</Notice>}
      {given.problem && <Notice tone="bad">{given.problem.message}</Notice>}
      <form method="post" action={here} data-again="">
        <fieldset class="wide" disabled={!mayWrite}>
          {/* Enter saves, whichever button comes first below. */}
          <button class="hidden" type="submit" name="does" value="save" tabindex={-1}>
            Save
          </button>
          <input type="hidden" name="id" value={draft.id} />
          <input type="hidden" name="seenVersion" value={String(draft.seenVersion)} />
          <Section title="Segment">
            <Field label="Name" name="name">
              <TextInput name="name" value={draft.name} maxLength={80} />
            </Field>
            <Field label="Customers of whom" name="match">
              <Select
                name="match"
                value={draft.match}
                options={[
                  { value: "all", label: "all of these hold" },
                  { value: "any", label: "at least one of these holds" },
                ]}
              />
            </Field>
          </Section>
          <SegmentRows rows={draft.rows} choices={choices} here={here} mayWrite={mayWrite} size={size} />
          {mayWrite && (
            <p class="row">
              <Button kind="primary" name="does" value="save">
                Save segment
              </Button>
            </p>
          )}
        </fieldset>
      </form>
      {kept && mayWrite && (
        <Section title="Delete">
          <form class="row" method="post" action={`${here}/delete`}>
            <Button kind="danger">Delete segment</Button>
            <span class="hint">The customers stay as they are.</span>
          </form>
        </Section>
      )}
    </>,
  )
}
