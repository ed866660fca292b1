import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import {
  blockOpener,
  listBlocks,
  type SupportBlock,
  unblockOpener,
} from "../../../../shared/support/settings/blocks.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, TextInput } from "../../components/field.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { formOf } from "../formOf.ts"
import { TicketTabs } from "./ticketTabs.tsx"

interface Refused {
  sent: { subject: string; reason: string; until: string }
  problems: Record<string, string>
}

export const blocksPages = newPages()
  .get("/", (c) => showBlocks(c))
  .post("/", permitted("tickets:manage"), async (c) => {
    const form = await formOf(c)
    const sent = { subject: form.one("subject"), reason: form.one("reason"), until: form.one("until") }
    // The block ends with the day, in UTC.
    const until = sent.until === "" ? null : new Date(`${sent.until}T23:59:59Z`)
    const problems =
      until && Number.isNaN(until.getTime())
        ? { until: "Write a date." }
        : await blockOpener(c.get("ctx"), { ...sent, until })
    return problems ? showBlocks(c, { sent, problems }) : c.redirect("/tickets/blocks", 303)
  })
  .post("/remove", permitted("tickets:manage"), async (c) => {
    await unblockOpener(c.get("ctx"), { subject: (await formOf(c)).one("subject") })
    return c.redirect("/tickets/blocks", 303)
  })

/** Who opens no tickets, and a form to add somebody. */
async function showBlocks(c: AdminRequest, refused?: Refused) {
  const ctx = c.get("ctx")
  const blocks = await listBlocks(ctx)
  const mayWrite = isPermitted(ctx.actor, "tickets:manage")
  const sent = refused?.sent ?? { subject: c.req.query("subject")?.slice(0, 254) ?? "", reason: "", until: "" }
  const problems = refused?.problems ?? {}
  return page(
    c,
    {
      title: "Blocked from tickets",
      lead: "What they send is kept and opens nothing.",
      trail: [{ label: "Tickets", href: "/tickets" }],
      status: refused ? 400 : 200,
    },
    <>
      <TicketTabs current="/tickets/blocks" />
      {mayWrite && (
        <Section title="Block somebody">
          <form method="post" action="/tickets/blocks">
            <fieldset class="plain">
              <Field label="Discord user id or e-mail" name="subject" error={problems.subject}>
                <TextInput name="subject" value={sent.subject} error={problems.subject} required maxLength={254} />
              </Field>
              <Field label="Because" name="reason" hint="Staff see it." error={problems.reason}>
                <TextInput name="reason" value={sent.reason} error={problems.reason} required maxLength={300} />
              </Field>
              <Field label="Until the end of" name="until" hint="Empty: until you lift it." error={problems.until}>
                <TextInput name="until" type="date" value={sent.until} error={problems.until} />
              </Field>
              <Button kind="danger">Block</Button>
            </fieldset>
          </form>
        </Section>
      )}
      {blocks.length > 0 ? (
        <Table label="Blocked" rows={blocks} columns={columnsOf(ctx.now(), mayWrite)} />
      ) : (
        <EmptyState title="Nobody is blocked" />
      )}
    </>,
  )
}

const columnsOf = (now: Date, mayWrite: boolean): Column<SupportBlock>[] => [
  {
    head: "Who",
    cell: ({ subject }) => <a href={address("/tickets/list", { opener: subject })}>{subject}</a>,
  },
  { head: "Because", text: true, cell: ({ reason }) => reason },
  {
    head: "Until",
    cell: ({ until }) => (until === null ? "no end" : until <= now ? <Badge>over</Badge> : <Time at={until} />),
  },
  {
    head: "Blocked",
    cell: ({ blockedAt, blockedBy }) => (
      <>
        <Time at={blockedAt} />
        <div class="hint">{blockedBy}</div>
      </>
    ),
  },
  ...(mayWrite
    ? [
        {
          head: "Change",
          cell: ({ subject }: SupportBlock) => (
            <form method="post" action="/tickets/blocks/remove">
              <input type="hidden" name="subject" value={subject} />
              <Button label={`Lift the block of ${subject}`}>Lift</Button>
            </form>
          ),
        },
      ]
    : []),
]
