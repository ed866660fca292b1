import { listNotices, type Notice as StaffNotice, settleNotices } from "../../../shared/staff/notices.ts"
import { isPermitted } from "../../../shared/staff/requirePermission.ts"
import { newPages } from "../adminApp.ts"
import { Button, LinkButton } from "../components/button.tsx"
import { EmptyState } from "../components/emptyState.tsx"
import { page } from "../components/page.tsx"
import { Pager } from "../components/pager.tsx"
import { type Column, Table } from "../components/table.tsx"
import { Time } from "../components/time.tsx"
import { address } from "./address.ts"
import { formOf } from "./formOf.ts"

export const noticesPages = newPages()
  .get("/", async (c) => {
    const ctx = c.get("ctx")
    const all = c.req.query("all") === "yes"
    const after = c.req.query("after")
    const { notices, next } = await listNotices(ctx, { all, after })
    const open = notices.filter(({ readAt }) => readAt === null)
    const filter = { all: all ? "yes" : "" }
    return page(
      c,
      {
        title: "Notices",
        lead: "What rules, jobs and mails want a person to know",
        actions: (
          <>
            <LinkButton href={all ? "/notices" : "/notices?all=yes"}>{all ? "Only open ones" : "Show all"}</LinkButton>
            {open.length > 0 && isPermitted(ctx.actor, "customers:write") && (
              <form method="post" action="/notices">
                {open.map(({ id }) => (
                  <input type="hidden" name="id" value={id} />
                ))}
                <Button>{open.length === 1 ? "This one is dealt with" : "These are dealt with"}</Button>
              </form>
            )}
          </>
        ),
      },
      <div id="results">
        {notices.length > 0 ? (
          <>
            <Table label="Notices" rows={notices} columns={columnsOf(isPermitted(ctx.actor, "customers:write"))} />
            <Pager
              shown={notices.length}
              first={after ? address("/notices", filter) : null}
              next={next ? address("/notices", { ...filter, after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title="Nothing to deal with">
            What a rule tells staff, and what went wrong, appears here.
          </EmptyState>
        )}
      </div>,
    )
  })
  .post("/", async (c) => {
    await settleNotices(c.get("ctx"), { ids: (await formOf(c)).all("id") })
    return c.redirect("/notices", 303)
  })

const columnsOf = (mayWrite: boolean): Column<StaffNotice>[] => [
  { head: "Notice", text: true, cell: ({ message }) => message },
  {
    head: "Customer",
    text: true,
    cell: ({ customer }) => (customer ? <a href={`/customers/${customer.id}`}>{customer.name}</a> : "–"),
  },
  { head: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    head: "Dealt with",
    cell: ({ id, readAt }) =>
      readAt ? (
        <Time at={readAt} />
      ) : mayWrite ? (
        <form method="post" action="/notices">
          <input type="hidden" name="id" value={id} />
          <Button>Done</Button>
        </form>
      ) : (
        "not yet"
      ),
  },
]
