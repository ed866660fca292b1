import * as z from "zod/mini"
import { authorKinds } from "../../../../shared/db/schema/support.ts"
import { AppError } from "../../../../shared/errors.ts"
import { type FoundMessage, searchMessages } from "../../../../shared/support/transcript/searchMessages.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, Select, TextInput } from "../../components/field.tsx"
import { Filters } from "../../components/filters.tsx"
import { page } from "../../components/page.tsx"
import { Pager } from "../../components/pager.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"
import { TicketTabs } from "./ticketTabs.tsx"

const day = z.optional(z.catch(z.union([z.literal(""), z.iso.date()]), ""))

/** As it stands in the address; what does not fit is as if it were not there. */
const search = z.object({
  q: z.optional(z.catch(z.string().check(z.trim(), z.maxLength(200)), "")),
  said: z.optional(z.catch(z.enum(["", ...authorKinds]), "")),
  from: day,
  until: day,
})

const dayAfter = (text: string) => new Date(Date.parse(`${text}T00:00:00Z`) + 86_400_000)

/** Everything that was ever said in tickets, by its words, those of forms, embeds, file names and earlier wordings among them. */
export async function showSearch(c: AdminRequest) {
  const asked = search.parse(c.req.query())
  const after = c.req.query("after")
  const { q = "", said, from, until } = asked
  const { data, next } = q
    ? await found(c, {
        q,
        cursor: after,
        authorKind: said || undefined,
        from: from ? new Date(`${from}T00:00:00Z`) : undefined,
        until: until ? dayAfter(until) : undefined,
      })
    : { data: [], next: null }
  return page(
    c,
    { title: "Search what was said", trail: [{ label: "Tickets", href: "/tickets" }] },
    <>
      <TicketTabs current="/tickets/search" />
      <Filters action="/tickets/search" label="Search messages">
        <Field label="Words" name="q">
          <TextInput name="q" type="search" value={q} placeholder={'refund "last invoice" -test'} />
        </Field>
        <Field label="Said by" name="said">
          <Select
            name="said"
            value={said}
            options={authorKinds.map((value) => ({ value, label: value }))}
            empty="Anybody"
          />
        </Field>
        <Field label="From" name="from">
          <TextInput name="from" type="date" value={from} />
        </Field>
        <Field label="until" name="until">
          <TextInput name="until" type="date" value={until} />
        </Field>
      </Filters>
      <div id="results">
        {data.length > 0 ? (
          <>
            <ul class="found">
              {data.map((message) => (
                <Found message={message} />
              ))}
            </ul>
            <Pager
              shown={data.length}
              first={after ? address("/tickets/search", asked) : null}
              next={next ? address("/tickets/search", { ...asked, after: next }) : null}
            />
          </>
        ) : (
          <EmptyState title={q ? "No message says that" : "What are you looking for?"}>
            Whole words, "phrases in quotation marks", or, and -words that must not be there.
          </EmptyState>
        )}
      </div>
    </>,
  )
}

/** A cursor that somebody has tampered with begins anew. */
async function found(c: AdminRequest, input: Parameters<typeof searchMessages>[1]) {
  try {
    return await searchMessages(c.get("ctx"), input)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "bad_request" || !input.cursor) throw thrown
    return searchMessages(c.get("ctx"), { ...input, cursor: undefined })
  }
}

const Found = ({ message }: { message: FoundMessage }) => (
  <li class="card">
    <p>
      <a href={`/tickets/${message.ticketId}`}>
        #{message.number} {message.subject}
      </a>
    </p>
    <p class="plain-text">{message.excerpt.map(({ text, hit }) => (hit ? <mark>{text}</mark> : text))}</p>
    <p class="hint">
      <bdi>{message.authorName}</bdi>, {message.authorKind}{" "}
      {message.internal && <Badge tone="warn">internal note</Badge>}{" "}
      {!message.inText && <Badge>form answer, embed, file or earlier wording</Badge>} <Time at={message.sentAt} />
    </p>
  </li>
)
