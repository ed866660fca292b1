import * as z from "zod/mini"
import { askBulkTag, bulkChanges, bulkTag } from "../../../../shared/customers/bulkTag.ts"
import { customerFilter } from "../../../../shared/customers/customerFilter.ts"
import { AppError } from "../../../../shared/errors.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Tag } from "../../components/badge.tsx"
import { Button, LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { address } from "../address.ts"
import { FilterFields } from "./bulkForm.tsx"

const request = z.object({
  change: z.enum(bulkChanges),
  bulkTag: z.string().check(z.trim(), z.maxLength(500)),
  confirmation: z.optional(z.string()),
  number: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
})

function read(form: Record<string, unknown>) {
  const asked = request.safeParse(form)
  if (!asked.success) throw new AppError("bad_request", "The form does not say which tag is to be added or removed.")
  const { change, bulkTag: tag, number = 0, confirmation } = asked.data
  return { filter: customerFilter.parse(form), change, tag, number, confirmation }
}

export const bulkPages = newPages()
  .get("/", permitted("customers:bulk"), (c) => showQuestion(c))
  .post("/", permitted("customers:bulk"), async (c) => {
    const input = read(await c.req.parseBody())
    await bulkTag(c.get("ctx"), input)
    return c.redirect(address("/customers", { ...input.filter, tagged: String(input.number) }), 303)
  })

async function showQuestion(c: AdminRequest) {
  const input = read({ change: "add", bulkTag: "", ...c.req.query() })
  const { filter, change } = input
  const { tag, number, confirmation } = await askBulkTag(c.get("ctx"), input)
  const list = address("/customers", filter)
  const told = number.toLocaleString("en")
  const customers = number === 1 ? "1 customer" : `${told} customers`
  const set = Object.entries(filter).filter(([name, value]) => value && name !== "sort")
  return page(
    c,
    {
      title: change === "add" ? "Add a tag to all that match" : "Remove a tag from all that match",
      trail: [{ label: "Customers", href: list }],
    },
    <Section title={change === "add" ? `Tag ${customers}?` : `Take the tag from ${customers}?`}>
      <Facts
        facts={[
          ["Tag", <Tag tag={tag} />],
          [
            "Customers",
            set.length > 0 ? set.map(([name, value]) => <div>{`${name}: ${value}`}</div>) : "All there are",
          ],
        ]}
      />
      <p class="hint">The audit log keeps who did it, for which filter.</p>
      {number > 0 ? (
        <form class="row" method="post" action="/customers/bulk">
          <FilterFields filter={filter} />
          <input type="hidden" name="change" value={change} />
          <input type="hidden" name="bulkTag" value={tag} />
          <input type="hidden" name="confirmation" value={confirmation} />
          <input type="hidden" name="number" value={number} />
          <Button kind={change === "add" ? "primary" : "danger"}>
            {change === "add" ? `Add the tag to ${customers}` : `Remove the tag from ${customers}`}
          </Button>
          <LinkButton href={list}>Change nothing</LinkButton>
        </form>
      ) : (
        <EmptyState title="There is nothing to change">
          {change === "add" ? "Everybody who matches has the tag already." : "Nobody who matches has the tag."}
        </EmptyState>
      )}
    </Section>,
  )
}
