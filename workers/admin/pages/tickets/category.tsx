import { AppError } from "../../../../shared/errors.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { mostQuestions, type TicketCategory } from "../../../../shared/support/categorySchema.ts"
import { saveCategory } from "../../../../shared/support/settings/saveCategory.ts"
import { supportTexts } from "../../../../shared/support/settings/supportTexts.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, TextArea, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf, idFromName, seenVersionOf } from "../formOf.ts"
import { linesOf, Problems } from "./textForms.tsx"

type Draft = TicketCategory & { seenVersion: number }

const empty: Draft = {
  id: "",
  name: "",
  description: "",
  position: 100,
  enabled: true,
  questions: [],
  keywords: [],
  roleId: "",
  parentId: "",
  firstResponseMinutes: 240,
  resolutionMinutes: 2880,
  seenVersion: 0,
}

/** One category's form; what was typed stays, whatever became of it. */
export async function showCategory(c: AdminRequest, refused?: { draft: Draft; error: AppError }) {
  const ctx = c.get("ctx")
  const id = c.req.param("id") ?? "new"
  const { categories } = await supportTexts(ctx)
  const kept = categories.find((category) => category.id === id)
  if (!kept && id !== "new") throw new AppError("not_found", "There is no such category.")
  const draft = refused?.draft ?? (kept ? { ...kept, seenVersion: kept.version } : empty)
  const mayWrite = isPermitted(ctx.actor, "tickets:manage")
  const path = `/tickets/categories/${encodeURIComponent(id)}`
  return page(
    c,
    {
      title: kept?.name ?? "New category",
      trail: [
        { label: "Tickets", href: "/tickets" },
        { label: "Categories", href: "/tickets/categories" },
      ],
      status: refused?.error.code === "conflict" ? 409 : refused ? 400 : 200,
    },
    <>
      {c.req.query("saved") && !refused && (
        <Notice tone="good">
          Saved. The next form that is opened shows it; the panel in Discord follows by itself.
        </Notice>
      )}
      {refused && <Problems error={refused.error} path={kept ? path : null} />}
      <Section title="Category">
        <form method="post" action={path}>
          <fieldset class="plain" disabled={!mayWrite}>
            <input type="hidden" name="seenVersion" value={draft.seenVersion} />
            <Field label="Name" name="name">
              <TextInput name="name" value={draft.name} required maxLength={80} />
            </Field>
            <Field label="Description" name="description" hint="Below the name, for openers; up to 100 characters.">
              <TextInput name="description" value={draft.description} maxLength={100} />
            </Field>
            <Field label="Place in the list" name="position" hint="Small numbers come first.">
              <TextInput name="position" type="number" value={String(draft.position)} required />
            </Field>
            <Checkbox name="enabled" label="Openers can choose it" checked={draft.enabled} />
            {Array.from({ length: mostQuestions }, (_, index) => (
              <Question number={index + 1} question={draft.questions[index]} />
            ))}
            <Field
              label="Keywords"
              name="keywords"
              hint="One on a line. A text with them is taken to be about this, for suggestions and mails."
            >
              <TextArea name="keywords" rows={5} value={draft.keywords.join("\n")} />
            </Field>
            <Field label="First answer within" name="firstResponseMinutes" hint="Minutes of working hours.">
              <TextInput
                name="firstResponseMinutes"
                type="number"
                value={String(draft.firstResponseMinutes)}
                required
              />
            </Field>
            <Field label="Resolved within" name="resolutionMinutes" hint="Minutes of working hours.">
              <TextInput name="resolutionMinutes" type="number" value={String(draft.resolutionMinutes)} required />
            </Field>
            <Field
              label="Role that is pinged"
              name="roleId"
              hint="Id of a role in Discord; who has it is staff. Empty: the staff role."
            >
              <TextInput name="roleId" value={draft.roleId} />
            </Field>
            <Field
              label="Where its channels go"
              name="parentId"
              hint="Id of a category in Discord; empty: that of the settings."
            >
              <TextInput name="parentId" value={draft.parentId} />
            </Field>
            {mayWrite && <Button kind="primary">Save category</Button>}
          </fieldset>
        </form>
      </Section>
    </>,
  )
}

const Question = ({
  number,
  question,
}: {
  number: number
  question: TicketCategory["questions"][number] | undefined
}) => (
  <fieldset class="group">
    <legend>Question {number}</legend>
    <input type="hidden" name={`questionId${number}`} value={question?.id ?? ""} />
    <Field label={`Question ${number}`} name={`question${number}`} hint="Up to 45 characters; empty: none.">
      <TextInput name={`question${number}`} value={question?.label} maxLength={45} />
    </Field>
    <Checkbox name={`long${number}`} label={`A long answer to question ${number}`} checked={question?.long ?? false} />
    <Checkbox
      name={`required${number}`}
      label={`Question ${number} must be answered`}
      checked={question?.required ?? false}
    />
  </fieldset>
)

export async function keepCategory(c: AdminRequest) {
  const form = await formOf(c)
  const id = c.req.param("id") ?? "new"
  const number = (name: string) => (form.one(name) === "" ? Number.NaN : Number(form.one(name)))
  const questions = Array.from({ length: mostQuestions }, (_, index) => index + 1).flatMap((each) => {
    const label = form.one(`question${each}`)
    const kept = form.one(`questionId${each}`)
    return label === ""
      ? []
      : [
          {
            id: kept || idFromName(label).slice(0, 40) || `question-${each}`,
            label,
            long: form.one(`long${each}`) !== "",
            required: form.one(`required${each}`) !== "",
          },
        ]
  })
  const draft: Draft = {
    id: id === "new" ? idFromName(form.one("name")).slice(0, 40) : id,
    name: form.one("name"),
    description: form.one("description"),
    position: number("position"),
    enabled: form.one("enabled") !== "",
    questions,
    keywords: linesOf(form.one("keywords")),
    roleId: form.one("roleId"),
    parentId: form.one("parentId"),
    firstResponseMinutes: number("firstResponseMinutes"),
    resolutionMinutes: number("resolutionMinutes"),
    seenVersion: seenVersionOf(form.one("seenVersion")),
  }
  try {
    await saveCategory(c.get("ctx"), draft)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "bad_request" && error.code !== "conflict")) throw error
    return showCategory(c, { draft, error })
  }
  return c.redirect(`/tickets/categories/${draft.id}?saved=1`, 303)
}
