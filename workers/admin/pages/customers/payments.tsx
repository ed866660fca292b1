import type { CustomerProfile } from "../../../../shared/customers/customerProfile.ts"
import { Badge, type Tone } from "../../components/badge.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Money } from "../../components/money.tsx"
import { Section } from "../../components/section.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"

const tones: Record<string, Tone> = {
  paid: "good",
  succeeded: "good",
  open: "warn",
  uncollectible: "bad",
  failed: "bad",
  needs_response: "bad",
  lost: "bad",
}

const Status = ({ status }: { status: string }) => (
  <Badge tone={tones[status] ?? "neutral"}>{status.replaceAll("_", " ")}</Badge>
)

const secure = (url: string | null) => (url?.startsWith("https://") ? url : null)

/** Invoices, and what was paid, refused, given back or disputed. */
export const Payments = ({ profile }: { profile: CustomerProfile }) => (
  <Section title="Invoices and payments" id="payments">
    {profile.invoices.length === 0 && profile.charges.length === 0 && <EmptyState title="Nothing was invoiced yet" />}
    {profile.invoices.length > 0 && (
      <Table
        label="Invoices"
        rows={profile.invoices}
        columns={[
          {
            head: "Invoice",
            cell: ({ number, id, hostedInvoiceUrl }) => {
              const href = secure(hostedInvoiceUrl)
              return href ? <a href={href}>{number ?? id}</a> : (number ?? id)
            },
          },
          { head: "Status", cell: ({ status }) => <Status status={status} /> },
          {
            head: "Total",
            numeric: true,
            cell: ({ total, currency }) => <Money amount={total} currency={currency} />,
          },
          {
            head: "Open",
            numeric: true,
            cell: ({ amountRemaining, currency, status }) =>
              status === "open" ? <Money amount={amountRemaining} currency={currency} /> : "–",
          },
          { head: "Date", cell: ({ createdAt }) => <Time at={createdAt} /> },
        ]}
      />
    )}
    {profile.charges.length > 0 && (
      <>
        <h3>Payments</h3>
        <Table
          label="Payments"
          rows={profile.charges}
          columns={[
            { head: "Date", cell: ({ createdAt }) => <Time at={createdAt} /> },
            { head: "Status", cell: ({ status }) => <Status status={status} /> },
            {
              head: "Amount",
              numeric: true,
              cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
            },
            {
              head: "Refunded",
              numeric: true,
              cell: ({ amountRefunded, currency }) =>
                amountRefunded > 0 ? <Money amount={amountRefunded} currency={currency} /> : "–",
            },
            {
              head: "Why refused",
              cell: ({ declineCode, failureCode }) => (declineCode ?? failureCode ?? "–").replaceAll("_", " "),
            },
          ]}
        />
      </>
    )}
    {profile.disputes.length > 0 && (
      <>
        <h3>Disputes</h3>
        <Table
          label="Disputes"
          rows={profile.disputes}
          columns={[
            { head: "Date", cell: ({ createdAt }) => <Time at={createdAt} /> },
            { head: "Status", cell: ({ status }) => <Status status={status} /> },
            {
              head: "Amount",
              numeric: true,
              cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
            },
            { head: "Reason", cell: ({ reason }) => (reason ?? "–").replaceAll("_", " ") },
            { head: "Answer by", cell: ({ evidenceDueBy }) => (evidenceDueBy ? <Time at={evidenceDueBy} /> : "–") },
          ]}
        />
      </>
    )}
    {profile.refunds.length > 0 && (
      <>
        <h3>Refunds</h3>
        <Table
          label="Refunds"
          rows={profile.refunds}
          columns={[
            { head: "Date", cell: ({ createdAt }) => <Time at={createdAt} /> },
            { head: "Status", cell: ({ status }) => <Status status={status} /> },
            {
              head: "Amount",
              numeric: true,
              cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
            },
            { head: "Reason", cell: ({ reason }) => (reason ?? "–").replaceAll("_", " ") },
          ]}
        />
      </>
    )}
  </Section>
)
