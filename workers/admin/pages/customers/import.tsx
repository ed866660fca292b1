import * as z from "zod/mini"
import { applyImport, discardImport } from "../../../../shared/customers/importApply.ts"
import { importLimits } from "../../../../shared/customers/importCsv.ts"
import { type ImportRun, listImports } from "../../../../shared/customers/importRuns.ts"
import { startImport } from "../../../../shared/customers/importStart.ts"
import { AppError } from "../../../../shared/errors.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { formLimit } from "../formLimit.ts"
import { showDryRun } from "./importDryRun.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

const confirmation = z.object({ hash: z.string().check(z.maxLength(64)), plan: z.string().check(z.maxLength(64)) })

/** With room for the rest of the form. */
const limited = formLimit(importLimits.bytes + 10_000, `A file has up to ${importLimits.bytes / 1e6} MB. Split it.`)

export const importPages = newPages()
  .get("/", (c) => showImports(c))
  .post("/", limited, async (c) => {
    const { file, id } = await c.req.parseBody()
    if (!(file instanceof File) || file.size === 0) return showImports(c, "Choose a file first.")
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      await startImport(c.get("ctx"), { id: typeof id === "string" ? id : "", fileName: file.name, bytes })
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "too_large"))
        return showImports(c, thrown.message)
      throw thrown
    }
    return c.redirect(`/customers/import/${id}`, 303)
  })
  .get(one, (c) => showDryRun(c, c.req.param("id")))
  .post(`${one}/apply`, permitted("customers:import"), async (c) => {
    const id = c.req.param("id")
    const shown = confirmation.safeParse(await c.req.parseBody())
    if (!shown.success)
      throw new AppError("bad_request", "The form does not say what was shown. Open the import again.")
    await applyImport(c.get("ctx"), { id, ...shown.data })
    return c.redirect(`/customers/import/${id}`, 303)
  })
  .post(`${one}/discard`, async (c) => {
    await discardImport(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect("/customers/import", 303)
  })

async function showImports(c: AdminRequest, problem?: string) {
  const runs = await listImports(c.get("ctx"))
  return page(
    c,
    {
      title: "Import customers",
      lead: "From a CSV file. First you see what would happen; nothing changes before you say so.",
      trail: [{ label: "Customers", href: "/customers" }],
      status: problem ? 400 : 200,
    },
    <>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Section title="File">
        <p class="hint">
          The first row names the columns, in any order: email, and where you have them name, country (SE), time zone
          (Europe/Stockholm), tags (separated by |) and note. Others are not read. People are told apart by their e-mail
          address: who is not there yet becomes a lead. An empty cell leaves things as they are, tags are added to those
          there are, and of customers who are at Stripe only time zone, tags and notes change.
        </p>
        <form method="post" action="/customers/import" enctype="multipart/form-data">
          <input type="hidden" name="id" value={crypto.randomUUID()} />
          <Field
            label="CSV file"
            name="file"
            hint={`UTF-8, up to ${importLimits.bytes / 1e6} MB and ${importLimits.rows.toLocaleString("en")} rows, separated by comma, semicolon or tab.`}
          >
            <input id="file" name="file" type="file" accept=".csv,.tsv,.txt,text/csv" required />
          </Field>
          <Button kind="primary">Look what would happen</Button>
        </form>
      </Section>
      <Section title="Latest imports">
        {runs.length > 0 ? (
          <Table label="Latest imports" rows={runs} columns={columns} />
        ) : (
          <EmptyState title="Nothing was imported yet" />
        )}
      </Section>
    </>,
  )
}

const columns = [
  {
    head: "File",
    cell: ({ id, fileName }: ImportRun) => <a href={`/customers/import/${id}`}>{fileName}</a>,
  },
  {
    head: "State",
    cell: ({ appliedAt }: ImportRun) =>
      appliedAt ? <Badge tone="good">imported</Badge> : <Badge tone="warn">not applied</Badge>,
  },
  {
    head: "Rows",
    cell: ({ result }: ImportRun) =>
      result ? `${result.new} new, ${result.changed} changed, ${result.invalid} invalid` : "–",
  },
  { head: "By", text: true, cell: ({ createdBy }: ImportRun) => createdBy },
  { head: "Uploaded", cell: ({ createdAt }: ImportRun) => <Time at={createdAt} /> },
]
