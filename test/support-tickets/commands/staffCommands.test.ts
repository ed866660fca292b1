import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { setUpDiscord } from "../../../shared/support/setup/setUpDiscord.ts"
import { useDatabase } from "../../support/useDatabase.ts"
import { useCommands } from "./useCommands.ts"

const desk = useCommands(useDatabase())
const { users, channels } = desk.ids
const day = 86_400_000

describe("/block", () => {
  const block = (as: string, options: { reason?: string; days?: number } = {}) =>
    desk.run(as, channels.welcome, "block", { user: users.ada, reason: "Spam", ...options })
  const unblock = (as: string) => desk.run(as, channels.welcome, "unblock", { user: users.ada })
  const kept = () => desk.rows(sql`select subject, reason, until, blocked_by from support_blocks`)
  const audit = async () =>
    (await desk.rows(sql`select action from audit_log where subject_id = ${users.ada} order by at`)).map(
      ({ action }) => action,
    )

  /** What somebody is told who presses the panel's button and sends the form. */
  async function ask(as: string, category: string): Promise<string> {
    await setUpDiscord(desk.context())
    const panel = desk
      .said(channels.support)
      .find(({ components }) => JSON.stringify(components).includes("ticket.open"))
    const use = { as, channel: channels.support, message: String(panel?.id), customId: "ticket.open" }
    const pressed = await desk.people().press(use)
    const values = { category, description: "Please help me." }
    return desk.answerTo(await desk.people().submitModal({ as, interaction: pressed.id, values }))
  }

  test("is for who may manage tickets: neither openers, nor the staff role alone, nor support", async () => {
    desk.makeModerator(users.ben)
    await desk.account("support", users.noor)
    for (const command of [block, unblock]) {
      expect(await command(users.ben)).toBe("This is for staff.")
      expect(await command(users.sam)).toContain("permission tickets:manage")
      expect(await command(users.noor)).toContain("Your role, support, does not have the permission tickets:manage")
    }
    expect([await kept(), await audit()]).toEqual([[], []])
  })

  test("keeps somebody from opening tickets, who is told where else to write, until it is taken back", async () => {
    await desk.account("ops", users.sam)
    const going = await desk.open()
    expect(await block(users.sam, { reason: "Spam @everyone '; --" })).toBe(
      `<@${users.ada}> opens no tickets any more.`,
    )
    expect(await kept()).toMatchObject([{ subject: users.ada, reason: "Spam @everyone '; --", until: null }])
    const told = await ask(users.ada, "billing")
    expect(told).toContain("cannot open tickets")
    expect(told).not.toContain("Spam")
    expect(await desk.rows(sql`select from tickets`)).toHaveLength(1)
    expect(await ask(users.ben, "billing")).toContain("is here")

    // What they have open goes on.
    expect(await desk.row(going.id)).toMatchObject({ status: "open" })
    expect(await unblock(users.sam)).toContain("may open tickets again")
    expect(await unblock(users.sam)).toContain("is not blocked")
    expect(await ask(users.ada, "billing")).toContain("is here")
    expect(await audit()).toEqual(["support.blocked", "support.unblocked"])
  })

  test("for some days ends by itself; said again it holds as said last, and is one block", async () => {
    await desk.account("owner", users.sam)
    await block(users.sam)
    expect(await block(users.sam, { days: 7, reason: "Rude" })).toContain("for 7 days")
    await Promise.all([block(users.sam, { days: 7 }), block(users.sam, { days: 7 })])
    expect(await kept()).toHaveLength(1)
    const [held] = await kept()
    const ends = Math.ceil(new Date(String(held?.until)).getTime() / 1000)
    expect(Math.abs(ends - (Date.now() + 7 * day) / 1000)).toBeLessThan(60)
    desk.setClock(new Date(Date.now() + 7 * day - 60_000))
    expect(await ask(users.ada, "billing")).toContain(`You cannot open tickets here until <t:${ends}:f>.`)
    desk.setClock(new Date(Date.now() + 7 * day + 60_000))
    expect(await ask(users.ada, "billing")).toContain("is here")
  })
})

describe("/customer", () => {
  const lookUp = (who: string, as: string = users.sam) => desk.run(as, channels.welcome, "customer", { who })

  test("is for staff alone, wherever it is used", async () => {
    await desk.customer({ name: "Ada Customer" })
    desk.makeModerator(users.ada)
    const { place } = await desk.open()
    for (const channel of [channels.welcome, place])
      expect(await desk.run(users.ada, channel, "customer", { who: "Ada Customer" })).toBe("This is for staff.")
  })

  test("finds somebody by address, name, Stripe id, and by who they are in Discord", async () => {
    await desk.customer({ name: "Ben Other", email: "ben@customers.test", stripeId: "cus_Ben0000000000" })
    await desk.customer({ email: "ada+shop@customers.test", stripeId: "cus_Ada0000000000", discord: users.ada })
    const found = [
      "ADA+shop@customers.test",
      "da custom",
      "cus_ada0000000000",
      users.ada,
      `<@${users.ada}>`,
      `<@!${users.ada}>`,
    ]
    for (const who of found) {
      const told = await lookUp(who)
      expect([who, told]).toEqual([who, expect.stringContaining("Ada Customer")])
      expect([who, told]).toEqual([who, expect.not.stringContaining("Ben Other")])
    }
  })

  test("says when nobody is found, whatever was typed", async () => {
    await desk.customer({ name: "Ada Customer", discord: users.ada })
    const nobody = [
      "nobody@customers.test",
      `<@${users.ben}>`,
      `<@&${users.ada}>`,
      "%%%",
      "___",
      "\\\\\\",
      "' or '1' = '1",
      "\0\0\0",
      "\ud800\ud800\ud800",
      "aaa".repeat(2000),
      crypto.randomUUID(),
    ]
    for (const who of nobody)
      expect([who, await lookUp(who)]).toEqual([who, expect.stringMatching(/Nobody|no such customer/)])
  })

  test("lists several, each told apart, rather than showing one of them", async () => {
    await desk.customer({ name: "Kim Lee", email: "kim1@customers.test", stripeId: "cus_Kim1" })
    await desk.customer({ name: "Kim Lee", email: "kim2@customers.test", stripeId: "cus_Kim2" })
    await desk.customer({ name: "Kim **Lee** @everyone [x](https://evil.example)", email: null, stripeId: "cus_Kim3" })
    const told = await lookUp("kim lee")
    for (const each of ["kim1", "kim2"]) expect(told).toContain(each)
    expect(await lookUp("kim")).toContain("Kim \\*\\*Lee\\*\\* \\@everyone \\[x\\]")
    // Whose address it is, to the letter, is meant.
    await desk.customer({ name: "Longer", email: "akim1@customers.test" })
    const exact = await lookUp("kim1@customers.test")
    expect([exact.includes("kim1"), exact.includes("akim1")]).toEqual([true, false])
  })

  test("shows what is hostile as it is written, pings nobody, and fits however much there is", async () => {
    const hostile = "**@everyone** <@&1> [pay](https://evil.example) ```"
    const id = await desk.customer({ name: hostile, discord: users.ada })
    for (let index = 0; index < 12; index++)
      await desk.db.execute(sql`
        insert into tickets (id, source, status, category_id, subject, description, customer_id, opener_name, opened_at, last_message_at)
        values (gen_random_uuid(), 'email', 'closed', 'other', ${hostile.repeat(4)}, 'x', ${id}, 'x', now(), now())`)
    const told = await lookUp(id)
    expect(told.length).toBeLessThanOrEqual(2000)
    expect(told).toContain("\\*\\*\\@everyone\\*\\*")
    expect(told).not.toMatch(/(?<!\\)\[pay|(?<!\\)@everyone|(?<!\\)```/)
    const answer = [...desk.world.store.messages.values()].at(-1)
    expect([answer?.mentions, answer?.mention_roles, answer?.mention_everyone]).toEqual([[], [], false])
  })
})
