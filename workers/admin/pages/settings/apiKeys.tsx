import { createApiKey, type NewApiKey } from "../../../../shared/apiKeys/createApiKey.ts"
import { listApiKeys } from "../../../../shared/apiKeys/listApiKeys.ts"
import { revokeApiKey } from "../../../../shared/apiKeys/revokeApiKey.ts"
import { AppError } from "../../../../shared/errors.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { permissions } from "../../../../shared/staff/roles.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Checkbox, Field, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"

export const apiKeysPages = newPages()
  .get("/", (c) => apiKeysPage(c, {}))
  .post("/", async (c) => {
    const sent = await c.req.parseBody({ all: true })
    const wish = {
      id: text(sent.id),
      name: text(sent.name),
      scopes: [sent.scopes ?? []].flat().map(String),
      days: text(sent.days),
      ratePerMinute: text(sent.ratePerMinute),
    }
    try {
      const made = await createApiKey(c.get("ctx"), {
        ...wish,
        days: Number(wish.days),
        ratePerMinute: Number(wish.ratePerMinute),
      })
      return apiKeysPage(c, { made })
    } catch (thrown) {
      if (thrown instanceof AppError && (thrown.code === "bad_request" || thrown.code === "conflict"))
        return apiKeysPage(c, { refused: { wish, error: thrown } })
      throw thrown
    }
  })
  .post("/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}/revoke", async (c) => {
    await revokeApiKey(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect("/settings/api-keys", 303)
  })

const text = (value: unknown) => (typeof value === "string" ? value : "")

interface Wish {
  name: string
  scopes: string[]
  days: string
  ratePerMinute: string
}
const usual: Wish = { name: "", scopes: [], days: "365", ratePerMinute: "600" }

type KeyRow = Awaited<ReturnType<typeof listApiKeys>>[number]

async function apiKeysPage(
  c: AdminRequest,
  { made, refused }: { made?: NewApiKey; refused?: { wish: Wish; error: AppError } },
) {
  const ctx = c.get("ctx")
  const keys = await listApiKeys(ctx)
  const mayWrite = isPermitted(ctx.actor, "apiKeys:write")
  const wish = refused?.wish ?? usual
  const now = ctx.now()
  return page(
    c,
    {
      title: "API keys",
      lead: "What the website and scripts open the CRM API with",
      trail: [{ label: "Settings", href: "/settings" }],
      status: refused?.error.code === "conflict" ? 409 : refused ? 400 : 200,
    },
    <>
      {made && (
        <Notice tone="good">
          <p>The key is made. Copy it now: it is not shown again.</p>
          <p>
            <code class="secret">{made.key}</code>
          </p>
        </Notice>
      )}
      {refused && <Notice tone="bad">{refused.error.message}</Notice>}
      {keys.length === 0 ? (
        <EmptyState title="No keys yet">A key opens the CRM API for one website or script.</EmptyState>
      ) : (
        <Table label="API keys" rows={keys} columns={columns(now, mayWrite)} />
      )}
      {mayWrite && (
        <Section title="Make a key">
          <form method="post" action="/settings/api-keys">
            <input type="hidden" name="id" value={crypto.randomUUID()} />
            <Field label="Name" name="name" hint="Which website or script it is for.">
              <TextInput name="name" value={wish.name} required maxLength={100} />
            </Field>
            <fieldset class="group">
              <legend>May</legend>
              <div class="choices">
                {permissions
                  .filter((permission) => isPermitted(ctx.actor, permission))
                  .map((scope) => (
                    <Checkbox name="scopes" value={scope} label={scope} checked={wish.scopes.includes(scope)} />
                  ))}
              </div>
            </fieldset>
            <Field label="Expires after days" name="days" hint="At most 730.">
              <TextInput name="days" type="number" value={wish.days} required />
            </Field>
            <Field label="Requests a minute" name="ratePerMinute">
              <TextInput name="ratePerMinute" type="number" value={wish.ratePerMinute} required />
            </Field>
            <Button kind="primary">Make the key</Button>
          </form>
        </Section>
      )}
    </>,
  )
}

function stateOf(key: KeyRow, now: Date) {
  if (key.revokedAt) return <Badge>revoked</Badge>
  return key.expiresAt <= now ? <Badge tone="warn">expired</Badge> : <Badge tone="good">open</Badge>
}

const columns = (now: Date, mayWrite: boolean) => [
  { head: "Name", cell: (key: KeyRow) => key.name },
  { head: "State", cell: (key: KeyRow) => stateOf(key, now) },
  { head: "Begins with", cell: (key: KeyRow) => <code>{key.prefix}</code> },
  { head: "May", text: true, cell: (key: KeyRow) => key.scopes.join(", ") },
  { head: "Last used", cell: (key: KeyRow) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : "never") },
  { head: "Expires", cell: (key: KeyRow) => <Time at={key.expiresAt} /> },
  { head: "Made by", text: true, cell: (key: KeyRow) => key.createdBy },
  {
    head: "Revoke",
    cell: (key: KeyRow) =>
      mayWrite && !key.revokedAt && key.expiresAt > now ? (
        <form method="post" action={`/settings/api-keys/${key.id}/revoke`}>
          <Button kind="danger" label={`Revoke ${key.name}, ${key.prefix}`}>
            Revoke
          </Button>
        </form>
      ) : null,
  },
]
