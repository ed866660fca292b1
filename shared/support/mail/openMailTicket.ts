import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import { keepable } from "../keepable.ts"
import { suggestCategory } from "../suggest/suggestCategory.ts"
import type { SupportSetup } from "../supportSetup.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { correspondentOf } from "./correspondentOf.ts"
import { visibleText } from "./foldQuoted.ts"
import type { IncomingMail } from "./incomingMail.ts"
import { noteCorrespondent } from "./noteCorrespondent.ts"
import { bareSubject } from "./ticketToken.ts"

const longestDescription = 4000

/** The ticket that a mail opens, and what staff should know of whom it is answered to, as statements for a batch. `follows`: number of the one that it would have continued. */
export async function openMailTicket(
  ctx: Context,
  input: {
    ticketId: string
    mail: Omit<IncomingMail, "rfcId" | "refersTo" | "recipients" | "headers" | "files">
    setup: SupportSetup
    customerId: string | null
    follows: number | null
  },
): Promise<SQL[]> {
  const { ticketId, mail, setup, customerId, follows } = input
  const { email, name } = correspondentOf(mail)
  const text = visibleText(mail.content)
  const subject = bareSubject(mail.subject) || keepable(text.split("\n")[0] ?? "", 100) || "No subject"
  const category = categoryOf(`${subject}\n${text}`, setup)
  const answers = follows === null ? [] : [{ question: "Follows an earlier ticket", answer: `#${follows}` }]
  const at = sql`${mail.receivedAt.toISOString()}::timestamptz`
  return [
    sql`
      insert into tickets (id, source, status, category_id, suggested_priority, subject, description, answers, customer_id,
        opener_name, opener_email, opened_at, last_message_at, last_from)
      values (${ticketId}, 'email', 'open', ${category.id}, ${category.priority}, ${subject}, ${keepable(text, longestDescription)},
        ${jsonb(answers)}, ${customerId}, ${name}, ${email}, ${at}, ${at}, 'opener')`,
    ticketEvent(ctx, {
      ticketId,
      kind: "opened",
      label: name,
      data: { category: category.name, ...(follows === null ? {} : { follows }) },
    }),
    ...(await noteCorrespondent(ticketId, mail)),
  ]
}

/** By its words; where they tell nothing, the one for anything else. */
function categoryOf(text: string, { categories }: SupportSetup) {
  const enabled = categories.filter((category) => category.enabled)
  const { categoryId, priority } = suggestCategory(text, enabled)
  const chosen = enabled.find(({ id }) => id === (categoryId ?? "other")) ?? enabled.at(-1)
  return { id: chosen?.id ?? "other", name: chosen?.name ?? "Other", priority: priority === "normal" ? null : priority }
}
