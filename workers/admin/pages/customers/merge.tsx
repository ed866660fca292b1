import { askToMerge, type MergeSide } from "../../../../shared/customers/merge/askToMerge.ts"
import { mergeCustomers } from "../../../../shared/customers/merge/mergeCustomers.ts"
import { searchCustomers } from "../../../../shared/customers/searchCustomers.ts"
import { requirePermission } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, TextInput } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Section } from "../../components/section.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const mergePages = newPages()
  .get(`${one}/merge`, (c) => (c.req.query("with") ? showBoth(c, c.req.query("with") ?? "") : showSearch(c)))
  .post(`${one}/merge`, async (c) => {
    const form = await c.req.parseBody()
    const id = c.req.param("id")
    const other = String(form.other)
    const [from, into] = form.keep === "other" ? [id, other] : [other, id]
    await mergeCustomers(c.get("ctx"), { from, into, confirmation: String(form.confirmation) })
    return c.redirect(`/customers/${into}`, 303)
  })

const head = (c: AdminRequest) => ({
  title: "Merge customers",
  lead: "Two records of one person become one",
  trail: [{ label: "Customer", href: `/customers/${c.req.param("id")}` }],
})

async function showSearch(c: AdminRequest) {
  const ctx = c.get("ctx")
  requirePermission(ctx, "customers:merge")
  const id = c.req.param("id")
  const q = c.req.query("q") ?? ""
  const found = q.trim().length >= 3 ? await searchCustomers(ctx, q.trim()) : []
  const others = found.filter((customer) => customer.id !== id)
  return page(
    c,
    head(c),
    <Section title="Who is the same person?">
      <form method="get" action={`/customers/${id}/merge`}>
        <Field label="Name, e-mail or Stripe id" name="q" hint="Three characters or more.">
          <TextInput name="q" type="search" value={q} required />
        </Field>
        <Button kind="primary">Search</Button>
      </form>
      {q !== "" && others.length === 0 && <EmptyState title="Nobody else fits" />}
      <ul class="lines">
        {others.map((other) => (
          <li>
            <a href={`/customers/${id}/merge?with=${other.id}`}>{other.name ?? other.email ?? "Without a name"}</a>
            <span class="hint">{other.email}</span>
          </li>
        ))}
      </ul>
    </Section>,
  )
}

async function showBoth(c: AdminRequest, other: string) {
  const id = c.req.param("id") ?? ""
  const asked = await askToMerge(c.get("ctx"), { a: id, b: other })
  if (!asked)
    return page(
      c,
      { ...head(c), status: 409 },
      <Notice tone="bad">One of the two is not there any more. Look again.</Notice>,
    )
  return page(
    c,
    head(c),
    <>
      <p>Everything of the one becomes the other's; empty fields are filled. It cannot be undone.</p>
      <div class="columns even">
        <Side side={asked.a} />
        <Side side={asked.b} />
      </div>
      {asked.ways.length === 1 && (
        <Notice>
          The record that Stripe knows and that is not deleted is the one that stays, so that its events and staff find
          it.
        </Notice>
      )}
      {asked.ways.length === 0 && (
        <Notice tone="bad">
          Neither can stay: both are deleted, or one is deleted and the other none of Stripe's.
        </Notice>
      )}
      {asked.ways.map(({ into, confirmation }) => (
        <form class="row" method="post" action={`/customers/${id}/merge`}>
          <input type="hidden" name="other" value={other} />
          <input type="hidden" name="keep" value={into.id === id ? "this" : "other"} />
          <input type="hidden" name="confirmation" value={confirmation} />
          <Button kind="danger">{`Keep ${nameOf(into)} (${into.stripeId ?? "none of Stripe's"})`}</Button>
        </form>
      ))}
    </>,
  )
}

const nameOf = (side: MergeSide) => side.name ?? side.email ?? "the one without a name"

const Side = ({ side }: { side: MergeSide }) => (
  <Section title={nameOf(side)}>
    <Facts
      facts={[
        ["E-mail", side.email ?? "none"],
        ["Stripe", side.stripeId ?? "none"],
        ["Tags", side.tags.join(", ") || "none"],
        ["Subscriptions", String(side.counts.subscriptions)],
        ["Invoices", String(side.counts.invoices)],
        ["Mails", String(side.counts.mails)],
        ["Timeline", String(side.counts.timeline)],
        ["Notes", String(side.counts.notes)],
      ]}
    />
  </Section>
)
