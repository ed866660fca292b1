import { type CustomerFilter, customerFilter, customerSorts } from "../../../../shared/customers/customerFilter.ts"
import { type ListedCustomer, listCustomers } from "../../../../shared/customers/listCustomers.ts"
import { stages } from "../../../../shared/db/schema/billing.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Tag } from "../../components/badge.tsx"
import { LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { Money } from "../../components/money.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { StageBadge } from "../../components/stageBadge.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address as addressOf } from "../address.ts"
import { BulkForm } from "./bulkForm.tsx"

const sortNames: Record<(typeof customerSorts)[number], string> = {
  "-created": "Newest first",
  created: "Oldest first",
  name: "By name",
  "-mrr": "Highest MRR first",
}

const named = (values: readonly string[]) => values.map((value) => ({ value, label: value.replaceAll("_", " ") }))

/** This list with something else in its address; the page begins anew. */
const address = (filter: CustomerFilter, change: Record<string, string | undefined>) =>
  addressOf("/customers", { ...filter, ...change })

const columnsOf = (filter: CustomerFilter): Column<ListedCustomer>[] => [
  {
    head: "Customer",
    sort: { href: address(filter, { sort: "name" }), order: filter.sort === "name" ? "ascending" : null },
    cell: ({ id, name, email }) => (
      <>
        <a href={`/customers/${id}`}>{name ?? email ?? "Without a name"}</a>
        {name && email && <div class="hint">{email}</div>}
      </>
    ),
  },
  { head: "Stage", cell: ({ stage }) => <StageBadge stage={stage} /> },
  { head: "Country", cell: ({ country }) => country ?? "–" },
  {
    head: "Tags",
    text: true,
    cell: ({ tags }) => (tags.length > 0 ? tags.map((tag) => <Tag tag={tag} />) : "–"),
  },
  {
    head: "MRR",
    numeric: true,
    sort: { href: address(filter, { sort: "-mrr" }), order: filter.sort === "-mrr" ? "descending" : null },
    cell: ({ mrr }) =>
      mrr.length > 0
        ? mrr.map(({ amount, currency }) => (
            <div>
              <Money amount={amount} currency={currency} />
            </div>
          ))
        : "–",
  },
  {
    head: "Customer since",
    sort: {
      href: address(filter, { sort: filter.sort === "created" ? "-created" : "created" }),
      order: filter.sort === "created" ? "ascending" : (filter.sort ?? "-created") === "-created" ? "descending" : null,
    },
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
]

export async function showList(c: AdminRequest) {
  const filter = customerFilter.parse(c.req.query())
  const after = c.req.query("after")
  const ctx = c.get("ctx")
  const list = await listCustomers(ctx, { filter, after })
  const { customers, next } = list
  const tagged = c.req.query("tagged")
  return page(
    c,
    {
      title: "Customers",
      actions: (
        <>
          <LinkButton href="/customers/segments">Segments</LinkButton>
          {isPermitted(ctx.actor, "customers:import") && <LinkButton href="/customers/import">Import</LinkButton>}
        </>
      ),
    },
    <>
      {tagged !== undefined && (
        <Notice tone="good">{(Number(tagged) || 0).toLocaleString("en")} customers were changed.</Notice>
      )}
      <Filters action="/customers" label="Filter customers">
        <Field label="Search" name="q">
          <TextInput name="q" type="search" value={filter.q} placeholder="Name, e-mail, Stripe or Discord" />
        </Field>
        {list.segments.length > 0 && (
          <Field label="Segment" name="segment">
            <Select
              name="segment"
              value={filter.segment}
              options={list.segments.map(({ id, name }) => ({ value: id, label: name }))}
              empty="Any"
            />
          </Field>
        )}
        <Field label="Stage" name="stage">
          <Select name="stage" value={filter.stage} options={named(stages)} empty="Any" />
        </Field>
        <Field label="Product" name="product">
          <Select
            name="product"
            value={filter.product}
            options={list.products.map(({ id, name }) => ({ value: id, label: name }))}
            empty="Any"
          />
        </Field>
        <Field label="Country" name="country">
          <Select name="country" value={filter.country?.toUpperCase()} options={named(list.countries)} empty="Any" />
        </Field>
        <Field label="Tag" name="tag">
          <TextInput name="tag" value={filter.tag} />
        </Field>
        <Field label="At risk" name="risk">
          <Select name="risk" value={filter.risk} options={[{ value: "yes", label: "Late or leaving" }]} empty="Any" />
        </Field>
        <Field label="MRR in" name="currency">
          <Select
            name="currency"
            value={filter.currency}
            options={list.currencies.map((code) => ({ value: code, label: code.toUpperCase() }))}
            empty="Any"
          />
        </Field>
        <Field label="from" name="mrrFrom">
          <TextInput name="mrrFrom" value={filter.mrrFrom} placeholder="10" />
        </Field>
        <Field label="to" name="mrrTo">
          <TextInput name="mrrTo" value={filter.mrrTo} placeholder="100" />
        </Field>
        <Field label="Order" name="sort">
          <Select
            name="sort"
            value={filter.sort ?? "-created"}
            options={customerSorts.map((value) => ({ value, label: sortNames[value] }))}
          />
        </Field>
      </Filters>
      <div id="results">
        {isPermitted(ctx.actor, "customers:export") && customers.length > 0 && (
          <p class="row">
            <LinkButton href={address(filter, {}).replace("/customers", "/customers/export.csv")}>
              Export as CSV
            </LinkButton>
          </p>
        )}
        {isPermitted(ctx.actor, "customers:bulk") && customers.length > 0 && <BulkForm filter={filter} />}
        {customers.length > 0 ? (
          <>
            <Table label="Customers" columns={columnsOf(filter)} rows={customers} />
            <Pager
              shown={customers.length}
              first={after ? address(filter, {}) : null}
              next={next ? address(filter, { after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title="No customer fits">
            {filter.q && filter.q.length < 3
              ? "A search takes three characters or more."
              : "Take a filter away, or clear them all."}
          </EmptyState>
        )}
      </div>
    </>,
  )
}
