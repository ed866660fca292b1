import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type LeftInteraction, listLeft } from "../../../../shared/support/interactions/listLeft.ts"
import { openForInteraction } from "../../../../shared/support/interactions/openForInteraction.ts"
import { retryInteraction } from "../../../../shared/support/interactions/retryInteraction.ts"
import { setInteractionAside } from "../../../../shared/support/interactions/setInteractionAside.ts"
import { loadSupport } from "../../../../shared/support/supportSetup.ts"
import { newPages, permitted } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select } from "../../components/field.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { type Column, Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { formOf } from "../formOf.ts"
import { TicketTabs } from "./ticketTabs.tsx"

const path = "/tickets/left"
const one = "/:id"

/** What people did in Discord that came to nothing on our side, with what they typed. */
export const leftPages = newPages()
  .get("/", async (c) => {
    const ctx = c.get("ctx")
    const show = c.req.query("show") === "aside" ? "aside" : ""
    const after = c.req.query("after")
    const { interactions, next } = await listLeft(ctx, { aside: show === "aside", after })
    const mayWrite = isPermitted(ctx.actor, "tickets:write") && show === ""
    const categories = mayWrite && interactions.some(({ isWish }) => isWish) ? (await loadSupport(ctx)).categories : []
    const choices = categories.filter(({ enabled }) => enabled).map(({ id, name }) => ({ value: id, label: name }))
    return page(
      c,
      {
        title: "Came to nothing",
        lead: "What people did in Discord and that failed on our side, with what they typed.",
        trail: [{ label: "Tickets", href: "/tickets" }],
      },
      <>
        <TicketTabs current={path} />
        {c.req.query("asked") && <Notice>It is being done again. What fails once more comes back to this list.</Notice>}
        <p>{show ? <a href={path}>What waits for us</a> : <a href={`${path}?show=aside`}>What was set aside</a>}</p>
        <div id="results">
          {interactions.length > 0 ? (
            <>
              <Table label="Came to nothing" rows={interactions} columns={columnsOf(mayWrite, choices)} />
              <Pager
                shown={interactions.length}
                first={after ? address(path, { show }) : null}
                next={next ? address(path, { show, after: next }) : null}
              />
            </>
          ) : (
            <EmptyState title={show ? "Nothing was set aside" : "Nothing has failed"} />
          )}
        </div>
      </>,
    )
  })
  .post(`${one}/retry`, permitted("tickets:write"), async (c) => {
    await retryInteraction(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect(`${path}?asked=1`, 303)
  })
  .post(`${one}/open`, permitted("tickets:write"), async (c) => {
    const categoryId = (await formOf(c)).one("category")
    const ticketId = await openForInteraction(c.get("ctx"), { id: c.req.param("id"), categoryId })
    return c.redirect(`/tickets/${ticketId}`, 303)
  })
  .post(`${one}/aside`, permitted("tickets:write"), async (c) => {
    await setInteractionAside(c.get("ctx"), { id: c.req.param("id") })
    return c.redirect(path, 303)
  })

const columnsOf = (mayWrite: boolean, choices: { value: string; label: string }[]): Column<LeftInteraction>[] => [
  {
    head: "Who",
    text: true,
    cell: ({ userName, userId }) => (
      <>
        <bdi>{userName}</bdi>
        <div class="hint">{userId}</div>
      </>
    ),
  },
  {
    head: "What they typed",
    text: true,
    cell: ({ kind, name, words }) => (
      <details open={words.length > 0 && words.length < 3}>
        <summary>
          {kind === "modal" ? "form" : kind} {name}
        </summary>
        {words.length === 0 && <p class="hint">Nothing was typed.</p>}
        {words.map(({ label, text }) => (
          <>
            <div class="hint">{label}</div>
            <p class="plain-text">
              <bdi>{text}</bdi>
            </p>
          </>
        ))}
      </details>
    ),
  },
  { head: "Why", text: true, cell: ({ error }) => error ?? "Nobody has finished it yet." },
  { head: "When", cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  ...(mayWrite ? [{ head: "Do", cell: (each: LeftInteraction) => <Actions of={each} choices={choices} /> }] : []),
]

const Actions = ({ of, choices }: { of: LeftInteraction; choices: { value: string; label: string }[] }) => (
  <>
    {of.isKept && (
      <form method="post" action={`${path}/${of.id}/retry`}>
        <Button label={`Try again: ${of.name} of ${of.userName}`}>Try again</Button>
      </form>
    )}
    {of.isWish && (
      <form method="post" action={`${path}/${of.id}/open`}>
        <Field label="Category of the ticket" name="category" id={`category-${of.id}`}>
          <Select name="category" id={`category-${of.id}`} value="" options={choices} empty="Theirs" />
        </Field>
        <Button label={`Open it for them: ${of.userName}`}>Open it for them</Button>
      </form>
    )}
    <form method="post" action={`${path}/${of.id}/aside`}>
      <Button label={`Set aside: ${of.name} of ${of.userName}`}>Set aside</Button>
    </form>
  </>
)
