import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { createSecretBox } from "../../shared/staff/own/secretBox.ts"
import { requestLinkCode } from "../../shared/support/link/requestLinkCode.ts"
import { sendLinkCode } from "../../shared/support/link/sendLinkCode.ts"
import type { SendResult } from "../../shared/vendors/resend.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const database = useDatabase()
const { db } = database
const desk = useCommands(database)
const { users, channels } = desk.ids

beforeEach(async () => {
  await db.execute(sql`truncate discord_link_codes, suppressions, resend_events, sender_state`)
  await desk.customer({ email: "ada@customers.test" })
})

const link = (email = "ada@customers.test", as: string = users.ada) => desk.run(as, channels.welcome, "link", { email })
/** Resend, as it answers each request in turn; then as the stand-in does. */
function answerWith(...results: SendResult[]) {
  const { vendors } = desk.context()
  const { resend } = vendors
  const keys: string[] = []
  vendors.resend = {
    send(messages, key) {
      keys.push(`${key} ${messages[0]?.text}`)
      const result = results.shift()
      return result ? Promise.resolve(result) : resend.send(messages, key)
    },
  }
  return keys
}
const mails = () => desk.fakes.mailbox.mails
const pressEnter = async (as: string = users.ada) => {
  const offer = [...desk.world.store.messages.values()].findLast(
    (each) => each.ephemeral_for === as && JSON.stringify(each.components).includes("link.enter"),
  )
  return desk.people().press({ as, channel: channels.welcome, message: String(offer?.id), customId: "link.enter" })
}
const enter = async (code: string) => {
  const pressed = await pressEnter()
  return desk.answerTo(await desk.people().submitModal({ as: users.ada, interaction: pressed.id, values: { code } }))
}
const codeIn = (text: string | null | undefined) => /\d{4} \d{4}/.exec(text ?? "")?.[0] ?? ""

const told = () => desk.rows(sql`select message from staff_notifications where key like 'link-code:%'`)
const pause = (until: Date) =>
  db.execute(
    sql`insert into sender_state (id, paused_until, reason) values ('resend', ${until.toISOString()}, 'quota')`,
  )

test("while all mail is paused everybody is told so, customer or not, and may ask again until it is not", async () => {
  await pause(new Date(Date.now() + 3_600_000))
  for (let asked = 0; asked < 5; asked++) {
    expect(await link()).toContain("No mail can go out right now")
    expect(await link("nobody@customers.test", users.ben)).toContain("No mail can go out right now")
  }
  await db.execute(sql`truncate sender_state`)
  expect(await link()).toContain("a code is on its way")
  expect(await enter(codeIn(mails()[0]?.text))).toContain("is linked")
})

test("however little goes out, nobody asks without end", async () => {
  await pause(new Date(Date.now() + 3_600_000))
  for (let asked = 0; asked < 10; asked++) expect(await link()).toContain("No mail can go out")
  expect(await link()).toContain("Try again in an hour")
})

const paused: SendResult = { kind: "paused", reason: "quota", afterSeconds: 3600 }
const rejected: SendResult = { kind: "rejected", reason: "422" }
const unanswered: SendResult = { kind: "retry", reason: "no answer", afterSeconds: 0, maybeAccepted: true }
test.each([
  ["is paused", [paused, paused, paused], "could not be mailed to ada@customers.test"],
  ["is rejected", [rejected, rejected, rejected], "could not be mailed to ada@customers.test"],
  ["is not answered", Array.from({ length: 9 }, () => unanswered), "may not have gone out to ada@customers.test"],
  ["goes to an address that we do not write to", [], null],
])(
  "a customer's mail that %s is answered as a stranger's address is, as often and in the same words",
  async (_, results, says) => {
    answerWith(...results)
    if (results.length === 0)
      await db.execute(sql`
      insert into suppressions (email, reason, "all", since) values ('ada@customers.test', 'bounce', true, now())`)
    for (let asked = 0; asked < 5; asked++) {
      const known = await link()
      expect(known).toContain(asked < 3 ? "a code is on its way" : "Try again in an hour")
      expect(await link("nobody@customers.test", users.ben)).toBe(known)
    }
    expect(mails()).toEqual([])
    expect(await told()).toEqual(says === null ? [] : [{ message: expect.stringContaining(says) }])
    const wrong = async (as: string) => {
      const pressed = await pressEnter(as)
      return desk.answerTo(
        await desk.people().submitModal({ as, interaction: pressed.id, values: { code: "0000 0000" } }),
      )
    }
    expect(await wrong(users.ada)).toBe(await wrong(users.ben))
  },
)

test("whoever asks is answered before the mail goes out, however long that takes", async () => {
  const { vendors } = desk.context()
  const { resend } = vendors
  const answered: boolean[] = []
  vendors.resend = {
    async send(messages, key) {
      const seen = [...desk.world.store.messages.values()].findLast((each) => each.ephemeral_for === users.ada)
      answered.push(seen?.content.includes("a code is on its way") === true)
      return resend.send(messages, key)
    },
  }
  await link()
  expect([answered, mails().length]).toEqual([[true], 1])
})

test("an own code does not tell whether a mail to somebody else's address failed", async () => {
  await desk.customer({ email: "ben@customers.test", name: "Ben" })
  await db.execute(sql`
    insert into suppressions (email, reason, "all", since) values ('ben@customers.test', 'bounce', true, now())`)
  await link()
  await link("ben@customers.test")
  expect(await enter(codeIn(mails()[0]?.text))).toContain("not right")
})

test("what Resend did not answer is asked once more with the same mail; where that stays so, the code may still come", async () => {
  const keys = answerWith(unanswered, unanswered, unanswered)
  expect(await link()).toContain("a code is on its way")
  expect([keys.length, new Set(keys).size]).toEqual([3, 1])
  expect(await enter(codeIn(keys[0]))).toContain("is linked")
})

test("a mail that comes back is told to staff, and not to whoever asked", async () => {
  expect(await link()).toContain("a code is on its way")
  const [{ id: codeId } = { id: "" }] = await desk.rows(sql`select id from discord_link_codes`)
  const bounced = {
    type: "email.bounced",
    created_at: new Date().toISOString(),
    data: {
      email_id: "re_1",
      to: ["ada@customers.test"],
      tags: { discord_link: codeId },
      bounce: { type: "Permanent", subType: "General", message: "No such mailbox" },
    },
  }
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, next_attempt_at)
    values ('msg_1', 'email.bounced', now(), now(), ${JSON.stringify(bounced)}, now() - interval '1 minute')`)
  expect(await applyResendEvents(desk.context(), { ids: ["msg_1"] })).toEqual({ applied: 1, failed: 0 })
  expect(await told()).toEqual([{ message: expect.stringContaining("came back from ada@customers.test") }])
  expect(await link()).toContain("a code is on its way")
})

test("somebody who dies after the mail leaves the code in it good", async () => {
  const ctx = { ...desk.context(), actor: { kind: "discord", userId: users.ada } as const }
  const requestId = "00000000-0000-4000-8000-000000000001"
  const box = await createSecretBox(ctx.config.linkSecret)
  for (let time = 0; time < 2; time++) {
    const request = { requestId, userId: users.ada, userName: "Ada", email: "ada@customers.test", box }
    expect(await requestLinkCode(ctx, request)).toBe(true)
    await sendLinkCode(ctx, { requestId, box })
  }
  expect(mails()).toHaveLength(1)
  await link("nobody@customers.test")
  await db.execute(sql`delete from discord_link_codes where customer_id is null`)
  expect(await enter(codeIn(mails()[0]?.text))).toContain("is linked")
})
