import { type ListedTemplate, listTemplates } from "../../../../shared/email/templates/listTemplates.ts"
import { saveTemplate } from "../../../../shared/email/templates/saveTemplate.ts"
import { sendTemplateTest } from "../../../../shared/email/templates/sendTemplateTest.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { LinkButton } from "../../components/button.tsx"
import { page } from "../../components/page.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { keptDraft, sentDraft } from "./draft.ts"
import { showDraft, showKept } from "./preview.tsx"
import { showTemplate } from "./template.tsx"

export const templatesPages = newPages()
  .get("/", showList)
  .get("/:id", async (c) => {
    const id = c.req.param("id")
    return showTemplate(c, id === "new" ? {} : { detail: await keptDraft(c, id) })
  })
  .get("/:id/preview", showKept)
  .post("/:id/preview", showDraft)
  .post("/:id/test", async (c) => {
    const { draft, customer, testId } = await sentDraft(c)
    try {
      const { to } = await sendTemplateTest(c.get("ctx"), { source: { ...draft, version: 0 }, customer, testId })
      return showTemplate(c, { draft, customer, told: { tone: "good", text: `A test is on its way to ${to}.` } })
    } catch (thrown) {
      return showRefused(c, { draft, customer }, thrown)
    }
  })
  .post("/:id", async (c) => {
    const { draft, customer } = await sentDraft(c)
    try {
      const { seenVersion, ...template } = draft
      await saveTemplate(c.get("ctx"), { ...template, seenVersion })
    } catch (thrown) {
      return showRefused(c, { draft, customer }, thrown)
    }
    return c.redirect(`/templates/${draft.id}?saved=1`, 303)
  })

type Sent = Pick<Awaited<ReturnType<typeof sentDraft>>, "draft" | "customer">

/** The form again, with all that was typed, and what is wrong with it. */
function showRefused(c: AdminRequest, sent: Sent, thrown: unknown) {
  if (!(thrown instanceof AppError) || thrown.code === "forbidden") throw thrown
  const found = thrown.details.problems
  const problems = Array.isArray(found) ? found.map(String) : [thrown.message]
  return showTemplate(c, { ...sent, refused: { error: thrown, problems } })
}

const columns: Column<ListedTemplate>[] = [
  { head: "Template", cell: ({ id, name }) => <a href={`/templates/${id}`}>{name}</a> },
  {
    head: "Kind",
    cell: ({ mailClass }) => <Badge tone={mailClass === "marketing" ? "info" : "neutral"}>{mailClass}</Badge>,
  },
  { head: "Sent by", text: true, cell: ({ usedIn }) => usedIn.join(", ") || "nothing" },
  { head: "Version", numeric: true, cell: ({ version }) => String(version) },
  { head: "Saved by", text: true, cell: ({ savedBy }) => savedBy },
  { head: "Saved", cell: ({ savedAt }) => <Time at={savedAt} /> },
]

async function showList(c: AdminRequest) {
  const ctx = c.get("ctx")
  const templates = await listTemplates(ctx)
  return page(
    c,
    {
      title: "Templates",
      lead: "What the mails say",
      actions: isPermitted(ctx.actor, "templates:write") && (
        <LinkButton href="/templates/new" kind="primary">
          New template
        </LinkButton>
      ),
    },
    <Table label="Templates" columns={columns} rows={templates} />,
  )
}
