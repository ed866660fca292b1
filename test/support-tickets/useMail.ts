import { sql } from "drizzle-orm"
import { beforeEach } from "vitest"
import type { Database } from "../../shared/db/client.ts"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { storeResendEvent } from "../../shared/email/storeResendEvent.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { applyReceivedMails } from "../../shared/support/mail/applyReceivedMails.ts"
import { sendMailReplies } from "../../shared/support/mail/sendMailReplies.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { createResend, type ResendApi } from "../../shared/vendors/resend.ts"
import { createResendReceiving, type ResendReceiving } from "../../shared/vendors/resendReceiving.ts"
import type { ReceivedMail, WrittenMail } from "../fakes/resend/inbox.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { testContext } from "../support/testContext.ts"
import { MemoryFiles } from "./useTicket.ts"

/** Friday, while somebody is there. */
export const noon = new Date("2026-11-20T12:00:00Z")
export const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

/** The address support@example.com at Resend's stand-in; each test begins with no tickets and the shipped settings. */
export function useMail(db: Database) {
  const clock = { now: noon }
  const stand = useFakes({
    now: () => clock.now,
    deliver: async (_vendor, { headers, body }) => keep(headers, body),
    resend: { requestsPerSecond: 0 },
  })
  /** Ids of webhooks that came and have not been applied. */
  let waiting: string[] = []
  const files = new MemoryFiles()
  const answer = { ok: true, status: 200, text: async () => "" }

  async function keep(headers: Record<string, string>, text: string) {
    const svixId = headers["svix-id"] ?? ""
    await storeResendEvent(testContext({ db, now: clock.now, vendors: {} }), { svixId, body: JSON.parse(text), text })
    waiting.push(svixId)
    return answer
  }

  beforeEach(async () => {
    clock.now = noon
    waiting = []
    files.files.clear()
    await emptyDatabase(db)
    await seedSupport(testContext({ db, vendors: {} }))
  })

  const apiBase = () => `${stand.fakes.url}/resend`
  const resend = (): ResendApi => createResend({ apiKey: "re_fake", apiBase: apiBase() })
  const receiving = (): ResendReceiving => createResendReceiving({ apiKey: "re_fake", apiBase: apiBase() })

  function context(options: { db?: Database; receiving?: ResendReceiving; files?: FileStore } = {}) {
    const vendors = { receiving: options.receiving ?? receiving(), files: options.files ?? files }
    return testContext({ db: options.db ?? db, now: clock.now, vendors })
  }

  /** Applies what came. */
  async function apply(ctx = context(), ids = waiting.splice(0)) {
    await applyResendEvents(ctx, { ids })
    return { ids, ctx, ...(await applyReceivedMails(ctx, { ids })) }
  }

  /** Somebody writes; its webhook comes, and is not applied yet. */
  async function write(written: WrittenMail): Promise<ReceivedMail> {
    const received = stand.fakes.mailbox.inbox.receive(written)
    await stand.fakes.settled()
    return received
  }

  async function tickets() {
    const found = await db.execute<{
      id: string
      number: string
      status: string
      subject: string
      description: string
      category_id: string
      suggested_priority: string | null
      opener_email: string
      opener_name: string
      last_from: string
      customer_id: string | null
      answers: { question: string; answer: string }[]
    }>(sql`select * from tickets order by number`)
    return found.rows.map((row) => ({ ...row, number: Number(row.number) }))
  }

  return {
    clock,
    context,
    apply,
    write,
    tickets,
    resend,
    files,
    get fakes() {
      return stand.fakes
    },
    /** Somebody writes, and it is applied. */
    async receive(written: WrittenMail): Promise<ReceivedMail> {
      const received = await write(written)
      await apply()
      return received
    },
    /** Sends what is queued in tickets; returns what went out since. */
    async send(options: { vendor?: ResendApi; db?: Database } = {}) {
      const before = stand.fakes.mailbox.mails.length
      const found = await db.execute<{ id: string }>(
        sql`select id from ticket_messages where delivery = 'queued' order by sent_at`,
      )
      const ctx = testContext({
        db: options.db ?? db,
        now: clock.now,
        vendors: { resend: options.vendor ?? resend(), files },
      })
      await sendMailReplies(ctx, { ids: found.rows.map(({ id }) => id) })
      await stand.fakes.settled()
      return stand.fakes.mailbox.mails.slice(before)
    },
    /** Staff answer a ticket; not sent yet. */
    async answer(ticketId: string, content: string): Promise<string> {
      const id = crypto.randomUUID()
      await db.execute(sql`
        insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, content, sent_at, delivery, next_attempt_at)
        values (${id}, ${ticketId}, 'admin', 'staff:1', 'Grace', 'staff', ${content}, ${clock.now.toISOString()}, 'queued', ${clock.now.toISOString()})`)
      await db.execute(
        sql`update tickets set last_from = 'staff', last_message_at = ${clock.now.toISOString()} where id = ${ticketId}`,
      )
      return id
    },
    async ticket() {
      const [only, ...others] = await tickets()
      if (!only || others.length > 0) throw new Error(`${others.length + (only ? 1 : 0)} tickets`)
      return only
    },
    async messages() {
      const found = await db.execute<{
        id: string
        ticket_id: string
        author_kind: string
        author_name: string
        content: string
        delivery: string | null
        error: string | null
        external_id: string | null
      }>(sql`select * from ticket_messages order by sent_at, author_kind = 'bot', id`)
      return found.rows
    },
    async kept() {
      const found = await db.execute<{
        id: string
        outcome: string
        reason: string | null
        ticket_id: string | null
        content: string | null
        authentication: { spf: string | null; dkim: string | null; dmarc: string | null }
      }>(sql`select * from received_mails order by kept_at, received_at, id`)
      return found.rows
    },
    async events() {
      return (
        await db.execute<{ status: string; reason: string | null }>(
          sql`select status, reason from resend_events order by received_at, svix_id`,
        )
      ).rows
    },
  }
}
