import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import type { Database } from "../../shared/db/client.ts"
import type { SenderConfig } from "../../shared/email/frozenMessage.ts"
import { type SendReport, sendDueEmails } from "../../shared/email/sendDueEmails.ts"
import { createLinkSigner } from "../../shared/email/unsubscribeToken.ts"
import { createResend, type ResendApi, type SendResult } from "../../shared/vendors/resend.ts"
import { type Fakes, startFakes } from "../fakes/server.ts"
import { emptyDatabase } from "./databaseState.ts"
import { outboxRows } from "./outbox.ts"
import { testContext } from "./testContext.ts"

export const noon = new Date("2026-11-20T12:00:00Z")
export const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

/** A sender with the shipped settings and texts, and Resend's stand-in behind it; each test begins with nothing due. */
export function useSender(db: Database) {
  let fakes: Fakes
  let config: SenderConfig
  let resend: ResendApi

  beforeAll(async () => {
    fakes = await startFakes({ resend: { apiKey: "re_test", requestsPerSecond: 10_000 } })
    resend = createResend({ apiKey: "re_test", apiBase: `${fakes.url}/resend` })
    config = { portalUrl: "https://portal.example.com", signer: await createLinkSigner("test") }
  })
  afterAll(() => fakes.close())
  beforeEach(async () => {
    await emptyDatabase(db)
    fakes.mailbox.reset()
    fakes.faults.resend.clear()
    await seedDefaults(testContext({ db, vendors: {} }))
  })

  return {
    get fakes() {
      return fakes
    },
    /** The real client, but what it would repeat after seconds it repeats after milliseconds. */
    get resend(): ResendApi {
      return {
        async send(...input) {
          const result = await resend.send(...input)
          return result.kind === "retry" ? { ...result, afterSeconds: result.afterSeconds / 1000 } : result
        },
      }
    },
    send(options: { now?: Date; vendor?: ResendApi; ids?: string[]; maxRequests?: number } = {}): Promise<SendReport> {
      const { now = noon, vendor = this.resend, ids, maxRequests = 100 } = options
      return sendDueEmails(testContext({ db, now, vendors: { resend: vendor } }), { ids, maxRequests, config })
    },
    async statusCounts() {
      const counts: Record<string, number> = {}
      for (const { status } of (await outboxRows(db)).values()) counts[status] = (counts[status] ?? 0) + 1
      return counts
    },
    /** The outbox ids that Resend has accepted, as often as it has. */
    acceptedIds: () =>
      fakes.mailbox.mails.map(({ tags }) => tags.find(({ name }) => name === "outbox_id")?.value ?? ""),
    async openRequests() {
      return (await db.execute(sql`select from email_requests where status = 'open'`)).rowCount
    },
  }
}

/** A vendor that answers as told, one answer after the other, then the last one again; `asked` keeps what it got. */
export function answering(...results: SendResult[]) {
  const asked: { key: string; to: string[] }[] = []
  return {
    asked,
    async send(messages: { to: string }[], key: string): Promise<SendResult> {
      asked.push({ key, to: messages.map(({ to }) => to) })
      const result = results.length > 1 ? results.shift() : results[0]
      if (!result) throw new Error("no answer was told")
      return result
    },
  }
}

/** What Resend answers when all is well. */
export const accepted = (count: number): SendResult => ({
  kind: "accepted",
  items: Array.from({ length: count }, (_, index) => ({ id: `re_${index}` })),
})
