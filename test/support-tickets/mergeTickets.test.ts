import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { ticketFigures } from "../../shared/support/figures/ticketFigures.ts"
import { mergeTickets } from "../../shared/support/merge/mergeTickets.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { askedRating } from "../../shared/support/transcript/askedRating.ts"
import { transcriptTicket } from "../../shared/support/transcript/transcriptTicket.ts"
import { rateTicket } from "../../shared/support/work/rateTicket.ts"
import { reopenTicket } from "../../shared/support/work/reopenTicket.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, noon, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const ada = "Ada <ada@example.org>"
const bob = "Bob <bob@example.org>"
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows
const staff = (role: "support" | "viewer" = "support") => {
  const actor: Actor = { kind: "staff", id: crypto.randomUUID(), email: "bea@ops.test", name: "Bea", role }
  return testContext({ db, now: mail.clock.now, actor, vendors: {} })
}
const said = async (id: string) =>
  (
    await rows(
      sql`select content from ticket_messages where ticket_id = ${id} and author_kind <> 'bot' order by sent_at`,
    )
  ).map(({ content }) => content)

/** Two tickets, the second with a file. */
async function two(second = ada) {
  await mail.receive({ from: ada, subject: "Help", text: "It is down" })
  mail.clock.now = later(5)
  await mail.receive({
    from: second,
    subject: "Also",
    text: "And slow",
    files: [{ filename: "log.txt", contentType: "text/plain", content: "error" }],
  })
  await mail.send()
  const [into, from] = await mail.tickets()
  if (!into || !from) throw new Error("There are no two tickets.")
  return { into, from }
}

describe("mails that arrive in another order than they were written", () => {
  const [first, second, third] = ["<1@ada.example>", "<2@ada.example>", "<3@ada.example>"] as const
  const send = (messageId: string, answers: string | null, text: string) =>
    mail.receive({
      from: ada,
      subject: answers ? "Re: Help" : "Help",
      text,
      messageId,
      headers: answers ? { "In-Reply-To": answers } : {},
    })

  test("are one ticket once the one between them is there, and stay one", async () => {
    await send(third, second, "Third")
    mail.clock.now = later(1)
    await send(first, null, "First")
    expect((await mail.tickets()).map(({ status }) => status)).toEqual(["open", "open"])
    const acknowledgements = await mail.send()
    mail.clock.now = later(2)
    await send(second, first, "Second")
    const tickets = await mail.tickets()
    expect(tickets.map(({ status }) => status).toSorted()).toEqual(["closed", "open"])
    const open = tickets.find(({ status }) => status === "open")
    const merged = tickets.find(({ status }) => status === "closed")
    expect((await said(String(open?.id))).toSorted()).toEqual(["First", "Second", "Third"])
    expect(await said(String(merged?.id))).toEqual([])

    mail.clock.now = later(3)
    for (const { messageId, subject } of acknowledgements) {
      await mail.receive({
        from: ada,
        subject: "Re: Help",
        text: `By header ${subject}`,
        headers: { "In-Reply-To": messageId },
      })
      await mail.receive({ from: ada, subject, text: `By number ${subject}` })
    }
    expect(await said(String(open?.id))).toHaveLength(7)
    expect(await mail.tickets()).toHaveLength(2)
  })

  test("are one whatever their order", async () => {
    const orders = [
      [first, second, third],
      [first, third, second],
      [second, first, third],
      [second, third, first],
      [third, first, second],
      [third, second, first],
    ]
    const answers = new Map<string, string | null>([
      [first, null],
      [second, first],
      [third, second],
    ])
    for (const order of orders) {
      await db.execute(sql`truncate tickets, received_mails cascade`)
      for (const [minute, id] of order.entries()) {
        mail.clock.now = later(minute)
        await send(id, answers.get(id) ?? null, id)
      }
      const open = (await mail.tickets()).filter(({ status }) => status === "open")
      expect([order, open.length]).toEqual([order, 1])
      expect([order, (await said(String(open[0]?.id))).toSorted()]).toEqual([order, [first, second, third]])
    }
  })
})

describe("staff make one ticket of two", () => {
  test("with all that was said, the files and the mails; what follows goes there, too", async () => {
    const { into, from } = await two()
    await db.execute(
      sql`update tickets set claimed_by = 'staff:1', claimed_by_label = 'Bea', claimed_at = now() where id = ${from.id}`,
    )
    expect(await mergeTickets(staff(), { id: from.id, into: into.number })).toBe(into.id)
    expect(await said(into.id)).toEqual(["It is down", "And slow"])
    expect(await rows(sql`select name from ticket_attachments where ticket_id = ${into.id}`)).toEqual([
      { name: "log.txt" },
    ])
    expect(await rows(sql`select from received_mails where ticket_id = ${from.id}`)).toEqual([])
    expect(await rows(sql`select status, claimed_by, close_reason, merged_into from tickets order by number`)).toEqual([
      { status: "open", claimed_by: "staff:1", close_reason: null, merged_into: null },
      expect.objectContaining({
        status: "closed",
        close_reason: `Merged into ticket #${into.number}.`,
        merged_into: into.id,
      }),
    ])
    expect(
      await rows(
        sql`select ticket_id, data, actor_label from ticket_events where kind = 'merged' order by data ? 'into'`,
      ),
    ).toEqual([
      { ticket_id: into.id, data: { from: from.number }, actor_label: "bea@ops.test" },
      { ticket_id: from.id, data: { into: into.number }, actor_label: "bea@ops.test" },
    ])
    expect(await rows(sql`select action, after from audit_log where subject_id = ${from.id}`)).toEqual([
      { action: "ticket.merged", after: { into: into.id, number: into.number } },
    ])
    await expect(reopenTicket(staff(), { id: from.id })).rejects.toMatchObject({ code: "conflict" })

    mail.clock.now = later(10)
    await mail.receive({ from: ada, subject: `Re: Also [#${from.number}]`, text: "Still" })
    expect(await said(into.id)).toEqual(["It is down", "And slow", "Still"])
    expect(await transcriptTicket(staff(), { ticketId: from.id })).toBe(into.id)
  })

  test("of two persons, of whom the one who opened the other ticket is not its opener, nor reads it by an old link", async () => {
    const { into, from } = await two(bob)
    await mergeTickets(staff(), { id: from.id, into: into.number })
    const kinds = await rows(
      sql`select author_kind from ticket_messages where ticket_id = ${into.id} and author_id is not null order by sent_at`,
    )
    expect(kinds).toEqual([{ author_kind: "opener" }, { author_kind: "other" }])
    expect(await transcriptTicket(staff(), { ticketId: from.id })).toBe(from.id)
  })

  test("with the newest rating, which counts in the figures; the one that is merged takes none any more", async () => {
    const rate = async (id: string, rating: number, comment: string, at: Date) =>
      db.execute(sql`update tickets set status = 'closed', closed_at = ${noon.toISOString()}, rating = ${rating},
        rating_comment = ${comment}, rated_at = ${at.toISOString()} where id = ${id}`)
    const ratings = () => rows(sql`select rating, rating_comment, rated_at from tickets where merged_into is null`)
    const of = (rating: number, rating_comment: string | null, at: Date) => [
      { rating, rating_comment, rated_at: expect.stringContaining(at.toISOString().slice(11, 19)) },
    ]
    const { into, from } = await two()
    await db.execute(sql`update tickets set status = 'closed', closed_at = ${noon.toISOString()}`)
    await rate(from.id, 2, "Slow", later(8))
    await mergeTickets(staff(), { id: from.id, into: into.number })
    expect(await ratings()).toEqual(of(2, "Slow", later(8)))
    const figures = await ticketFigures(staff(), { from: "2026-11-01", until: "2026-11-30" })
    expect(figures.all.rating).toMatchObject({ count: 1 })
    await expect(rateTicket(staff(), { id: from.id, rating: 5, comment: "", byLink: true })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("merged"),
    })
    await expect(askedRating(staff(), { ticketId: from.id })).rejects.toMatchObject({ code: "conflict" })
    await rateTicket(staff(), { id: into.id, rating: 3, comment: "", byLink: true })

    await db.execute(sql`truncate tickets, received_mails cascade`)
    const older = await two()
    await rate(older.into.id, 5, "Good", later(9))
    await rate(older.from.id, 2, "Slow", later(8))
    await mergeTickets(staff(), { id: older.from.id, into: older.into.number })
    expect(await ratings()).toEqual(of(5, "Good", later(9)))

    await db.execute(sql`truncate tickets, received_mails cascade`)
    const others = await two(bob)
    await db.execute(sql`update tickets set status = 'closed', closed_at = ${noon.toISOString()}`)
    await rate(others.from.id, 1, "Bob's word", later(8))
    await mergeTickets(staff(), { id: others.from.id, into: others.into.number })
    expect(await ratings()).toEqual(of(1, null, later(8)))
  })

  test("of three, one after the other", async () => {
    const { into, from } = await two()
    mail.clock.now = later(7)
    await mail.receive({ from: ada, subject: "Third", text: "And hot" })
    const third = (await mail.tickets()).at(-1)
    await mergeTickets(staff(), { id: from.id, into: third?.number ?? 0 })
    await mergeTickets(staff(), { id: String(third?.id), into: into.number })
    expect(await said(into.id)).toEqual(["It is down", "And slow", "And hot"])
    expect(await rows(sql`select distinct merged_into from tickets where merged_into is not null`)).toEqual([
      { merged_into: into.id },
    ])
  })

  test("once, whoever does it at the same time and whichever way round", async () => {
    const { into, from } = await two()
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        index % 2
          ? mergeTickets(staff(), { id: from.id, into: into.number })
          : mergeTickets(staff(), { id: into.id, into: from.number }),
      ),
    )
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const open = (await mail.tickets()).filter(({ status }) => status === "open")
    expect(open).toHaveLength(1)
    expect(await said(String(open[0]?.id))).toEqual(["It is down", "And slow"])
  })

  test("while somebody answers: what is written is in the one that is left, or was refused", async () => {
    const { into, from } = await two()
    const replies = Array.from({ length: 12 }, (_, index) => ({
      messageId: crypto.randomUUID(),
      content: `Reply ${index}`,
    }))
    const [, ...written] = await Promise.allSettled([
      mergeTickets(staff(), { id: from.id, into: into.number }),
      ...replies.map((reply) => replyToTicket(staff(), { ...reply, ticketId: from.id, internal: false })),
    ])
    const kept = written.filter(({ status }) => status === "fulfilled").length
    expect(await said(from.id)).toEqual([])
    expect((await said(into.id)).filter((content) => String(content).startsWith("Reply"))).toHaveLength(kept)
    expect((await mail.tickets()).map(({ status }) => status).toSorted()).toEqual(["closed", "open"])
  })

  test("not against the rules, and are told why", async () => {
    const { into, from } = await two(bob)
    const merge = (id: string, number: number) => mergeTickets(staff(), { id, into: number })
    const refused = (message: string, code = "conflict") => ({ code, message: expect.stringContaining(message) })
    await expect(mergeTickets(staff("viewer"), { id: from.id, into: into.number })).rejects.toMatchObject({
      code: "forbidden",
    })
    await expect(merge("-".repeat(36), into.number)).rejects.toMatchObject(refused("no such ticket", "not_found"))
    await expect(merge(from.id, 999_999)).rejects.toMatchObject(refused("no ticket #999999", "not_found"))
    await expect(merge(from.id, Number.NaN)).rejects.toMatchObject({ code: "bad_request" })
    await expect(merge(from.id, from.number)).rejects.toMatchObject(refused("into itself"))
    await mail.answer(from.id, "Soon")
    await expect(merge(from.id, into.number)).rejects.toMatchObject(refused("on its way"))
    await db.execute(sql`update ticket_messages set delivery = 'failed' where delivery = 'queued'`)
    await expect(merge(from.id, into.number)).rejects.toMatchObject(refused("could not be sent"))
    await db.execute(sql`update ticket_messages set delivery = 'sent'`)
    await db.execute(sql`update tickets set status = 'closed' where id = ${into.id}`)
    await expect(merge(from.id, into.number)).rejects.toMatchObject(refused(`Merge it into #${from.number}`))
    await db.execute(sql`update tickets set source = 'discord' where id = ${into.id}`)
    await expect(merge(from.id, into.number)).rejects.toMatchObject(refused("is in Discord"))
    expect((await said(from.id)).toSorted()).toEqual(["And slow", "Soon"])
  })
})
