import { lintTemplate } from "../../../../shared/email/templates/lintTemplate.ts"
import type { TemplateDetail } from "../../../../shared/email/templates/templateDetail.ts"
import { templateDetail } from "../../../../shared/email/templates/templateDetail.ts"
import { variableNames } from "../../../../shared/email/templates/variableNames.ts"
import type { AppError } from "../../../../shared/errors.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Field, Select, TextArea, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { type Draft, emptyDraft } from "./draft.ts"

interface Shown {
  /** As kept; the form shows it unless there is a draft. */
  detail?: TemplateDetail
  draft?: Draft
  customer?: string
  told?: { tone: "good"; text: string }
  refused?: { error: AppError; problems: string[] }
}

const frame = "template-preview"

/** One template: its form, a preview beside it, its versions. What was typed stays, whatever became of it. */
export async function showTemplate(c: AdminRequest, shown: Shown) {
  const ctx = c.get("ctx")
  const id = c.req.param("id") ?? "new"
  const isNew = id === "new"
  const detail = shown.detail ?? (isNew ? null : await templateDetail(ctx, { id }))
  const draft = shown.draft ?? (detail ? { ...detail.source, seenVersion: detail.inUse } : emptyDraft)
  const { refused, told, customer = c.req.query("customer") ?? "" } = shown
  const mayWrite = isPermitted(ctx.actor, "templates:write")
  const older = !shown.draft && detail && detail.source.version !== detail.inUse ? detail.source.version : null
  const problems = refused?.problems ?? (detail && !shown.draft ? lintTemplate(detail.source, detail.brand) : [])
  const path = `/templates/${isNew ? "new" : id}`
  return page(
    c,
    {
      title: isNew ? "New template" : (detail?.source.name ?? draft.name),
      lead: detail && detail.usedIn.length > 0 && <UsedIn detail={detail} />,
      trail: [{ label: "Templates", href: "/templates" }],
      status: refused?.error.code === "conflict" ? 409 : refused ? 400 : 200,
    },
    <>
      {c.req.query("saved") && !refused && <Notice tone="good">Saved. Mails that are sent from now on say so.</Notice>}
      {told && <Notice tone={told.tone}>{told.text}</Notice>}
      {older && (
        <Notice>
          This is version {older}. Saving makes it the next one. <a href={path}>Back to the one in use</a>
        </Notice>
      )}
      {refused?.error.code === "conflict" && detail && (
        <Notice tone="bad">
          {refused.error.message} What you typed is below, unsaved. <a href={path}>Open the one in use</a> and put your
          changes into it.
        </Notice>
      )}
      {problems.length > 0 && (refused?.error.code !== "conflict" || !detail) && (
        <Notice tone="bad">
          <ul>
            {problems.map((problem) => (
              <li>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="columns even">
        <form method="post" action={path}>
          <fieldset class="wide" disabled={!mayWrite}>
            <input type="hidden" name="seenVersion" value={String(draft.seenVersion)} />
            <input type="hidden" name="testId" value={crypto.randomUUID()} />
            <Section title="Template">
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
              <Field label="Subject" name="subject">
                <TextInput name="subject" value={draft.subject} required maxLength={500} />
              </Field>
              <Field label="HTML" name="html" hint="Header and footer come from the brand's settings.">
                <TextArea name="html" value={draft.html} rows={16} code required />
              </Field>
              <Field label="Plain text" name="text">
                <TextArea name="text" value={draft.text} rows={10} code required />
              </Field>
              <details>
                <summary>What it may name</summary>
                <p class="hint">
                  Written as <code>{"{{ customer.name }}"}</code>; asked as{" "}
                  <code>{"{% if customer.name %} … {% endif %}"}</code>. Money:{" "}
                  <code>{"{{ invoice.total | money: invoice.currency }}"}</code>, dates:{" "}
                  <code>{"{{ subscription.trialEnd | date }}"}</code>.
                </p>
                <ul class="names">
                  {variableNames().map((name) => (
                    <li>
                      <code>{name}</code>
                    </li>
                  ))}
                </ul>
              </details>
            </Section>
            {mayWrite && (
              <Section title="Preview and test">
                <Field label="For" name="customer" hint="Name, e-mail or Stripe id of a customer; empty: a sample.">
                  <TextInput name="customer" type="search" value={customer} />
                </Field>
                <p class="row">
                  <button class="button primary" type="submit">
                    Save
                  </button>
                  <button class="button plain" type="submit" formaction={`${path}/preview`} formtarget={frame}>
                    Preview
                  </button>
                  <button
                    class="button plain"
                    type="submit"
                    formaction={`${path}/preview?part=text`}
                    formtarget={frame}
                  >
                    Preview as text
                  </button>
                  <button class="button plain" type="submit" formaction={`${path}/test`}>
                    Send a test to me
                  </button>
                </p>
              </Section>
            )}
          </fieldset>
        </form>
        <div>
          {!mayWrite && (
            <form class="inline" method="get" action={path}>
              <Field
                label="Preview for"
                name="customer"
                id="reader-customer"
                hint="Name, e-mail or Stripe id; empty: a sample."
              >
                <TextInput id="reader-customer" name="customer" type="search" value={customer} />
              </Field>
              <Button>Show</Button>
            </form>
          )}
          <iframe
            class="tall"
            name={frame}
            title="The mail as its reader sees it"
            sandbox=""
            src={
              isNew
                ? undefined
                : `${path}/preview?customer=${encodeURIComponent(customer)}${older ? `&version=${older}` : ""}`
            }
          />
          {detail && <Versions detail={detail} path={path} />}
        </div>
      </div>
    </>,
  )
}

const UsedIn = ({ detail }: { detail: TemplateDetail }) => (
  <>
    Sent by{" "}
    {detail.usedIn.map(({ id, name }, index) => (
      <>
        {index > 0 && ", "}
        <a href={`/automations/sequences/${id}`}>{name}</a>
      </>
    ))}
  </>
)

const Versions = ({ detail, path }: { detail: TemplateDetail; path: string }) => (
  <Section title="Versions" id="versions">
    <ul class="lines">
      {detail.versions.map(({ version, savedBy, savedAt }) => (
        <li>
          <a href={version === detail.inUse ? path : `${path}?version=${version}`}>
            Version {version} by {savedBy}
          </a>
          <span class="hint">
            <Time at={savedAt} />
          </span>
        </li>
      ))}
    </ul>
  </Section>
)
