import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import type { Actor } from "../../../shared/context.ts"
import { captureTicket } from "../../../shared/support/capture/captureTicket.ts"
import { carryTicket } from "../../../shared/support/carryTicket.ts"
import { showClaim } from "../../../shared/support/place/showClaim.ts"
import { sweepTickets } from "../../../shared/support/sweepTickets.ts"
import { claimTicket, releaseTicket, transferTicket } from "../../../shared/support/work/claimTicket.ts"
import { reopenTicket } from "../../../shared/support/work/reopenTicket.ts"
import { permissionBits } from "../../../shared/vendors/discord/permissions.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users, roles } = desk.ids
const minute = 60_000
const control = (place: string, id: string) => desk.said(place).find((each) => each.id === id)
const mayIn = (place: string, user: string) => {
  const channel = desk.world.store.channels.get(place)
  const bits = channel ? desk.world.permissions(user, channel) : 0n
  return { see: (bits & permissionBits("VIEW_CHANNEL")) !== 0n, write: (bits & permissionBits("SEND_MESSAGES")) !== 0n }
}

describe("what is done in the staff pages", () => {
  const inPages = (id: string, name: string): Actor => ({
    kind: "staff",
    id,
    email: `${id}@x.test`,
    name,
    role: "support",
  })

  test("shows in Discord's message of the ticket, by the name that customers may know", async () => {
    const account = await desk.account("support", null, "Samira @everyone **S**")
    const ctx = { ...desk.context(), actor: inPages(account, "Samira @everyone **S**") }
    const ticket = await desk.open()
    const buttons = () => JSON.stringify(control(ticket.place, ticket.control)?.components)
    await claimTicket(ctx, ticket)
    expect(buttons()).toContain('"Claim"')
    await desk.workOff()
    expect(buttons()).toContain("Claimed by Samira @everyone **S**: let go")
    expect(buttons()).not.toContain("@x.test")
    await transferTicket(ctx, { ...ticket, to: `discord:${users.noor}`, label: "N".repeat(200) })
    await desk.workOff()
    expect(buttons()).toMatch(/Claimed by N+…"/)
    await releaseTicket(ctx, ticket)
    await desk.workOff()
    expect(buttons()).toContain('"Claim"')
    const shown = control(ticket.place, ticket.control)
    expect([shown?.mention_everyone, shown?.embeds.length]).toEqual([false, 1])
  })

  test("is shown by the sweep where the queue's message was lost, and then no more", async () => {
    const ctx = { ...desk.context(), actor: inPages(await desk.account("support", null), "Samira") }
    const ticket = await desk.open()
    const due = async () => (await sweepTickets(ctx)).refs.filter((ref) => ref.startsWith("show:"))
    await claimTicket(ctx, ticket)
    ctx.queues.tickets.take()
    expect(await due()).toEqual([])
    desk.setClock(new Date(Date.now() + 2 * minute))
    expect(await due()).toEqual([`show:${ticket.id}`])
    desk.fakes.faults.set("discord", { unavailable: { on: "/messages/" } })
    await ctx.queues.tickets.send({ ids: await due() })
    await desk.workOff()
    desk.fakes.faults.clear()
    expect(await due()).toEqual([])
    desk.setClock(new Date(Date.now() + 15 * minute))
    await ctx.queues.tickets.send({ ids: await due() })
    await desk.workOff()
    expect(JSON.stringify(control(ticket.place, ticket.control)?.components)).toContain("Claimed by Samira")
    desk.setClock(new Date(Date.now() + 60 * minute))
    expect(await due()).toEqual([])
  })

  test("is shown as it stands in the end, though an older word of it reaches Discord last", async () => {
    const ctx = { ...desk.context(), actor: inPages(await desk.account("support", null), "Samira") }
    const ticket = await desk.open()
    await claimTicket(ctx, ticket)
    const { discord } = ctx.vendors
    const released = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const late: typeof discord.request = async (call) => {
      begun.resolve()
      await released.promise
      return discord.request(call)
    }
    const first = showClaim({ ...ctx, vendors: { ...ctx.vendors, discord: { ...discord, request: late } } }, ticket)
    await begun.promise
    await releaseTicket(ctx, ticket)
    await desk.workOff()
    released.resolve()
    await first
    const { refs } = await sweepTickets(ctx)
    expect(refs).toContain(`show:${ticket.id}`)
    await ctx.queues.tickets.send({ ids: refs })
    await desk.workOff()
    expect(JSON.stringify(control(ticket.place, ticket.control)?.components)).toContain('"Claim"')
  })

  test("holds although the message was deleted, or Discord is down, and harms nothing else", async () => {
    const ctx = { ...desk.context(), actor: inPages(await desk.account("support", null), "Samira") }
    const ticket = await desk.open()
    desk.people().delete({ as: users.owner, channel: ticket.place, message: ticket.control })
    await claimTicket(ctx, ticket)
    await desk.workOff()
    expect(await desk.row(ticket.id)).toMatchObject({ claimed_by_label: "Samira", error: null })
    desk.fakes.faults.set("discord", { unavailable: { on: "/channels/" } })
    expect(await desk.run(users.noor, ticket.place, "ticket release")).toContain("Nobody has claimed")
    desk.fakes.faults.clear()
    expect((await desk.record(ticket.id)).events).toEqual(["claimed", "unclaimed"])
  })
})

describe("out of hours an opener is told when somebody is back", () => {
  const weekdays = (from: string, until: string) => [...Array(5).fill({ from, until }), null, null]
  const hours = (timeZone: string, days: object[] = weekdays("09:00", "18:00")) =>
    desk.db.execute(sql`
      insert into settings (name, value, updated_at) values ('supportHours', ${JSON.stringify({ timeZone, days })}::jsonb, now())
      on conflict (name) do update set value = excluded.value`)
  const backAt = (at: string) => {
    const seconds = Date.parse(at) / 1000
    return `We are back <t:${seconds}:R> (<t:${seconds}:F>).`
  }

  test.each([
    ["over the weekend in which clocks go forward", "Europe/Berlin", "2027-03-26T18:30:00Z", "2027-03-29T07:00:00Z"],
    ["over the weekend in which clocks go back", "Europe/Berlin", "2026-10-23T17:00:00Z", "2026-10-26T08:00:00Z"],
    ["before it opens", "America/New_York", "2026-11-24T13:59:00Z", "2026-11-24T14:00:00Z"],
    ["where clocks are half an hour off", "Asia/Kolkata", "2026-11-24T13:00:00Z", "2026-11-25T03:30:00Z"],
    ["where it is another day already", "Pacific/Auckland", "2026-11-22T12:00:00Z", "2026-11-22T20:00:00Z"],
  ])("%s (%s)", async (_name, timeZone, at, opening) => {
    await hours(timeZone)
    desk.setClock(new Date(at))
    const { place } = await desk.open()
    expect(desk.said(place)[0]?.content).toContain(backAt(opening))
  })

  test("and not while somebody is there; where nobody ever is, without a time; each time anew", async () => {
    await hours("Europe/Berlin")
    desk.setClock(new Date("2026-11-24T09:00:00Z"))
    const during = await desk.open()
    expect(desk.said(during.place)[0]?.content).not.toMatch(/back|Nobody is here/)
    await desk.run(users.sam, during.place, "ticket close", { reason: "Solved" })
    desk.setClock(new Date("2026-11-24T20:00:00Z"))
    await reopenTicket(desk.context(), during)
    expect(await carryTicket(desk.context(), during)).toBe("done")
    expect(desk.said(during.place).at(-1)?.content).toContain(backAt("2026-11-25T08:00:00Z"))
    await hours("Europe/Berlin", Array(7).fill(null))
    const never = await desk.open({ categoryId: "other" })
    expect(desk.said(never.place)[0]?.content).toContain("We answer as soon as somebody is here.")
  })
})

describe("in a private thread", () => {
  const moderates = (user: string) => desk.people().setRole({ as: user, role: roles.moderators, has: true })

  test("its opener and staff work as in a channel; neither strangers nor the opener see what staff note", async () => {
    await desk.setSupport({ place: "thread" })
    moderates(users.sam)
    const { id, place, staffThread } = await desk.open()
    expect([mayIn(place, users.ada).see, mayIn(place, users.sam).see, mayIn(place, users.ben).see]).toEqual([
      true,
      true,
      false,
    ])
    expect([mayIn(staffThread, users.ada).see, mayIn(staffThread, users.sam).see]).toEqual([false, true])
    await desk.run(users.sam, place, "ticket claim")
    await desk.run(users.sam, staffThread, "ticket note", { text: "Only us" })
    await desk.run(users.sam, place, "ticket reply", { name: "more-details" })
    await desk.run(users.sam, place, "ticket add", { user: users.cleo })
    expect(mayIn(place, users.cleo).see).toBe(true)
    expect(mayIn(staffThread, users.cleo).see).toBe(false)
    await desk.run(users.sam, staffThread, "ticket remove", { user: users.cleo })
    expect(mayIn(place, users.cleo).see).toBe(false)
    expect(await desk.run(users.sam, place, "ticket remove", { user: users.ada })).toContain("stays")
    expect(JSON.stringify(desk.said(place))).not.toContain("Only us")
    expect((await desk.record(id)).events).toEqual(["claimed", "member_added", "member_removed"])

    await desk.run(users.sam, place, "ticket close", { reason: "Solved" })
    expect(desk.world.store.channels.get(place)?.thread).toMatchObject({ archived: true, locked: true })
    await reopenTicket(desk.context(), { id })
    expect(await carryTicket(desk.context(), { id })).toBe("done")
    expect(desk.world.store.channels.get(place)?.thread).toMatchObject({ archived: false, locked: false })
    desk.people().say({ as: users.ada, channel: place, content: "Again" })
    expect(await desk.run(users.sam, place, "ticket priority", { level: "high" })).toContain("high now")
  })

  test("that Discord has archived, because nothing was said for a week, is woken by whoever works on the ticket", async () => {
    await desk.setSupport({ place: "thread" })
    moderates(users.sam)
    const { place, staffThread, control: first } = await desk.open()
    const thread = desk.world.store.channels.get(place)?.thread
    const archive = () => Object.assign(thread ?? {}, { archived: true })
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket claim")).toContain("You have claimed")
    expect(JSON.stringify(control(place, first)?.components)).toContain("Claimed by")
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket add", { user: users.cleo })).toContain("is in this ticket")
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket remove", { user: users.cleo })).toContain("is out of this")
    expect(mayIn(place, users.cleo).see).toBe(false)
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket reply", { name: "more-details" })).toBe("The reply is sent.")
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket ask-close")).toContain("is asked")
    archive()
    expect(await desk.run(users.sam, staffThread, "ticket close", { reason: "Solved" })).toContain("is closed")
    expect(thread).toMatchObject({ archived: true, locked: true })
  })
})

describe("what goes wrong in Discord is told in words", () => {
  const forbid = (bit: Parameters<typeof permissionBits>[0]) =>
    desk.people().setRolePermission({ role: roles.bot, bit: permissionBits(bit), on: false })

  test("somebody who is not in the server is let into no ticket", async () => {
    desk.people().leave({ as: users.cleo })
    for (const place of ["channel", "thread"]) {
      await desk.setSupport({ place })
      desk.makeModerator(users.sam)
      const ticket = await desk.open({ categoryId: place === "channel" ? "technical" : "billing" })
      expect(await desk.run(users.sam, ticket.place, "ticket add", { user: users.cleo })).toContain(
        "not in this server",
      )
      expect((await desk.record(ticket.id)).events).toEqual([])
    }
  })

  test("a permission that the bot lacks: nothing is said to be done that is not, and it works once it is back", async () => {
    const { id, place } = await desk.open()
    forbid("MANAGE_ROLES")
    const own = desk.world.store.channels.get(place)?.permission_overwrites.find((each) => each.id === users.bot)
    if (own) own.allow = String(BigInt(own.allow) & ~permissionBits("MANAGE_ROLES"))
    expect(await desk.run(users.sam, place, "ticket add", { user: users.cleo })).toMatch(/lacks|Manage/i)
    expect(await desk.record(id)).toMatchObject({ events: [], audit: [] })
    desk.people().setRolePermission({ role: roles.bot, bit: permissionBits("MANAGE_ROLES"), on: true })
    expect(await desk.run(users.sam, place, "ticket add", { user: users.cleo })).toContain("is in this ticket")
  })

  test("a limit of Discord's: when it can be done again", async () => {
    const { id, place } = await desk.open()
    desk.fakes.faults.set("discord", { tooManyRequests: { on: "/permissions/" } })
    expect(await desk.run(users.sam, place, "ticket add", { user: users.cleo })).toMatch(/patience.*<t:\d+:R>/)
    desk.fakes.faults.clear()
    expect((await desk.record(id)).events).toEqual([])
  })

  test("a ticket whose place is still being made: a reply is kept until it is there", async () => {
    const { id, place } = await desk.open()
    await desk.db.execute(sql`update tickets set status = 'opening', attempts = 1 where id = ${id}`)
    expect(await desk.run(users.sam, place, "ticket reply", { name: "more-details" })).toContain("on its way")
    expect(await carryTicket(desk.context(), { id })).toBe("done")
    desk.context().queues.tickets.take()
    await desk.context().queues.tickets.send({ ids: (await sweepTickets(desk.context())).refs })
    await desk.workOff()
    expect(desk.said(place).filter(({ embeds }) => embeds[0]?.author)).toHaveLength(1)
  })

  test("a thread that was deleted: staff are told in their own, where the ticket can still be closed", async () => {
    await desk.setSupport({ place: "thread" })
    desk.makeModerator(users.sam)
    const { id, place, staffThread } = await desk.open()
    desk.people().deleteChannel({ channel: place })
    expect(await desk.run(users.sam, staffThread, "ticket claim")).toContain("You have claimed")
    expect(await desk.run(users.sam, staffThread, "ticket add", { user: users.cleo })).toMatch(/deleted|not there/)
    expect(await desk.run(users.sam, staffThread, "ticket reply", { name: "more-details" })).toContain(
      "does not take it",
    )
    expect(await desk.run(users.sam, staffThread, "ticket ask-close")).toMatch(/deleted|not there/)
    expect(await desk.run(users.sam, staffThread, "ticket close", { reason: "Gone" })).toContain("is closed")
    // The staff's thread is left, to be taken away in time.
    expect(await desk.row(id)).toMatchObject({ status: "closed", remove_place_at: expect.anything() })
  })

  test("an opener who takes no direct messages, or has left, is no obstacle to closing and reopening", async () => {
    desk.people().blockDms({ as: users.ada, blocked: true })
    const silent = await desk.open()
    await desk.run(users.sam, silent.place, "ticket close", { reason: "Solved" })
    const end = desk.said(silent.place).at(-1)
    expect(end?.content).toMatch(/What was said, for you to keep: https:\/\/portal\.test\/transcripts\//)
    const press = { as: users.ada, channel: silent.place, message: String(end?.id) }
    const rating = await desk.people().press({ ...press, customId: `ticket.rate:${silent.id}:4` })
    await desk.people().submitModal({ as: users.ada, interaction: rating.id, values: { comment: "Good" } })
    await desk.settled()
    expect(await desk.row(silent.id)).toMatchObject({ status: "closed", rating: 4, rating_comment: "Good" })

    const left = await desk.open({ openerId: users.ben, openerName: "Ben" })
    desk.people().leave({ as: users.ben })
    expect(await desk.run(users.sam, left.place, "ticket priority", { level: "low" })).toContain("low now")
    expect(await desk.run(users.sam, left.place, "ticket close", { reason: "Left" })).toContain("is closed")
    await reopenTicket(desk.context(), left)
    expect(await carryTicket(desk.context(), left)).toBe("done")
    expect(await desk.row(left.id)).toMatchObject({ status: "open", error: null })
  })
})

describe("what people send", () => {
  test("of 4,000 characters, with marks, and files of hostile names, is kept as it is, and shown as text", async () => {
    const text = "**@everyone** <@&1> [x](javascript:alert(1)) <img src=x onerror=alert(1)> ".repeat(60).slice(0, 4000)
    const { id, place } = await desk.open({ description: text })
    const first = desk.said(place)[0]
    expect([first?.mention_everyone, first?.mention_roles]).toEqual([false, [roles.support]])
    expect(String(first?.embeds[0]?.description)).not.toMatch(/(?<!\\)@everyone|(?<!\\)\[x\]/)
    const names = [
      "../../etc/passwd",
      "<img src=x onerror=alert(1)>.html",
      "invoice\u202efdp.exe",
      `${"n".repeat(300)}.txt`,
      "\0",
    ]
    const bytes = new TextEncoder().encode("<script>")
    desk.people().say({
      as: users.ada,
      channel: place,
      content: text,
      files: names.map((name) => ({ name, contentType: "text/html", bytes })),
    })
    const huge = { name: "huge.bin", contentType: "x/y", bytes: new Uint8Array(10 * 1024 * 1024 + 1) }
    expect(() => desk.people().say({ as: users.ada, channel: place, files: [huge] })).toThrow(/too large/)
    expect(await captureTicket(desk.context(), { id })).toMatchObject({ outcome: "captured" })
    const kept = await desk.rows(
      sql`select content from ticket_messages where ticket_id = ${id} and author_kind = 'opener' order by sent_at`,
    )
    expect(kept.map(({ content }) => content)).toEqual([text.trim(), text.trim()])
    const files = await desk.rows(sql`select name from ticket_attachments where ticket_id = ${id}`)
    expect(files).toHaveLength(names.length)
    for (const { name } of files) {
      expect(String(name)).toMatch(/^[^/\\<>:"|?*\p{Cc}\u202e]+$/u)
      expect(String(name).length).toBeLessThanOrEqual(200)
    }
  })
})
