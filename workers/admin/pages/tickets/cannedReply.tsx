import { AppError } from "../../../../shared/errors.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { CannedReply } from "../../../../shared/support/cannedReplySchema.ts"
import { cannedVariables } from "../../../../shared/support/cannedText.ts"
import { saveCannedReply } from "../../../../shared/support/settings/saveCannedReply.ts"
import { supportTexts } from "../../../../shared/support/settings/supportTexts.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextArea, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { formOf, idFromName, seenVersionOf } from "../formOf.ts"
import { linesOf, Problems } from "./textForms.tsx"

type Draft = CannedReply & { seenVersion: number }

const empty: Draft = {
  id: "",
  name: "",
  content: "Hello {{ opener.name }},\n\n",
  categoryId: null,
  keywords: [],
  suggested: false,
  seenVersion: 0,
}

/** One canned reply's form; what was typed stays, whatever became of it. */
export async function showCannedReply(c: AdminRequest, refused?: { draft: Draft; error: AppError }) {
  const ctx = c.get("ctx")
  const id = c.req.param("id") ?? "new"
  const { categories, replies } = await supportTexts(ctx)
  const kept = replies.find((reply) => reply.id === id)
  if (!kept && id !== "new") throw new AppError("not_found", "There is no such canned reply.")
  const draft = refused?.draft ?? (kept ? { ...kept, seenVersion: kept.version } : empty)
  const mayWrite = isPermitted(ctx.actor, "tickets:manage")
  const path = `/tickets/replies/${encodeURIComponent(id)}`
  return page(
    c,
    {
      title: kept?.name ?? "New canned reply",
      trail: [
        { label: "Tickets", href: "/tickets" },
        { label: "Canned replies", href: "/tickets/replies" },
      ],
      status: refused?.error.code === "conflict" ? 409 : refused ? 400 : 200,
      actions: kept && mayWrite && (
        <form method="post" action={`${path}/delete`}>
          <Button kind="danger">Delete</Button>
        </form>
      ),
    },
    <>
      {c.req.query("saved") && !refused && <Notice tone="good">Saved. It is at hand from now on.</Notice>}
      {refused && <Problems error={refused.error} path={kept ? path : null} />}
      <Section title="Canned reply">
        <form method="post" action={path}>
          <fieldset class="plain" disabled={!mayWrite}>
            <input type="hidden" name="seenVersion" value={draft.seenVersion} />
            <Field label="Name" name="name" hint="As staff find it.">
              <TextInput name="name" value={draft.name} required maxLength={80} />
            </Field>
            <Field label="Text" name="content">
              <TextArea name="content" value={draft.content} rows={10} required />
            </Field>
            <details>
              <summary>What it may name</summary>
              <ul class="names">
                {cannedVariables.map((name) => (
                  <li>
                    <code>{`{{ ${name} }}`}</code>
                  </li>
                ))}
              </ul>
            </details>
            <Field label="Category" name="categoryId" hint="Shown first in tickets of it.">
              <Select
                name="categoryId"
                value={draft.categoryId ?? ""}
                options={categories.map(({ id: value, name: label }) => ({ value, label }))}
                empty="Any"
              />
            </Field>
            <Field label="Keywords" name="keywords" hint="One on a line.">
              <TextArea name="keywords" rows={4} value={draft.keywords.join("\n")} />
            </Field>
            <Checkbox
              name="suggested"
              label="Offer it to openers whose text has one of the keywords"
              checked={draft.suggested}
            />
            {mayWrite && <Button kind="primary">Save reply</Button>}
          </fieldset>
        </form>
      </Section>
    </>,
  )
}

export async function keepCannedReply(c: AdminRequest) {
  const form = await formOf(c)
  const id = c.req.param("id") ?? "new"
  const draft: Draft = {
    id: id === "new" ? idFromName(form.one("name")) : id,
    name: form.one("name"),
    content: form.one("content").replaceAll("\r\n", "\n"),
    categoryId: form.one("categoryId") || null,
    keywords: linesOf(form.one("keywords")),
    suggested: form.one("suggested") !== "",
    seenVersion: seenVersionOf(form.one("seenVersion")),
  }
  try {
    await saveCannedReply(c.get("ctx"), draft)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "bad_request" && error.code !== "conflict")) throw error
    return showCannedReply(c, { draft, error })
  }
  return c.redirect(`/tickets/replies/${draft.id}?saved=1`, 303)
}
