import { eraseCustomer } from "../../../../shared/customers/erase/eraseCustomer.ts"
import { askToErase } from "../../../../shared/customers/erase/eraseQuestion.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Button, LinkButton } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"

export const erasePages = newPages()
  .get(`${one}/erase`, showErase)
  .post(`${one}/erase`, async (c) => {
    const { confirmation } = await c.req.parseBody()
    const id = c.req.param("id")
    await eraseCustomer(c.get("ctx"), { id, confirmation: String(confirmation) })
    return c.redirect(`/customers/${id}`, 303)
  })

async function showErase(c: AdminRequest) {
  const id = c.req.param("id") ?? ""
  const { customer, erased, running, confirmation } = await askToErase(c.get("ctx"), id)
  const name = customer.name ?? customer.email ?? customer.stripe_id ?? "this customer"
  return page(
    c,
    { title: "Erase a customer's data", trail: [{ label: "Customer", href: `/customers/${id}` }] },
    <>
      {erased && <Notice>The data of this customer has been erased already.</Notice>}
      {running && (
        <Notice tone="warn">
          A subscription of theirs is running. End it first; their data is needed for as long as you serve them.
        </Notice>
      )}
      {confirmation && (
        <Section title={`Erase ${name}?`}>
          <p>This is for a person who asks to be forgotten. It cannot be undone.</p>
          <ul>
            <li>Gone for good: name, addresses, notes, tags, mails, webhooks as received, what they wrote.</li>
            <li>Kept for the books, without the person: invoices, payments, refunds, disputes, country, currency.</li>
            <li>Their address is kept as a hash, so that no marketing goes there again.</li>
            <li>Stripe keeps its own record: delete the customer there too.</li>
          </ul>
          <form class="row" method="post" action={`/customers/${id}/erase`}>
            <input type="hidden" name="confirmation" value={confirmation} />
            <Button kind="danger">Erase for good</Button>
            <LinkButton href={`/customers/${id}`}>Keep everything</LinkButton>
          </form>
        </Section>
      )}
    </>,
  )
}
