import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { askConfirmation, requireConfirmation } from "../../shared/staff/confirmations.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const noon = new Date("2026-11-20T12:00:00Z")
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const [ada, bob] = ["00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000b1"] as const
const as = (id: string, now = noon) =>
  testContext({ db, now, vendors: {}, actor: { kind: "staff", id, email: `${id}@x.test`, name: "S", role: "ops" } })
const question = { action: "customers.tagged", about: "12 customers, vip" }
const refused = { code: "conflict" }

beforeAll(async () => {
  for (const id of [ada, bob])
    await db.execute(sql`
      insert into staff (id, email, name, role, created_at) values (${id}, ${`${id}@x.test`}, 'S', 'ops', ${noon.toISOString()})`)
})

test("a yes is good once, also when it is sent twice at the same time", async () => {
  const confirmation = await askConfirmation(as(ada), question)
  const sent = [1, 2, 3].map(() => requireConfirmation(as(ada), { ...question, confirmation }))
  const answers = await Promise.allSettled(sent)
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
})

test.each([
  ["nobody was asked", {}, as(ada)],
  ["no id", { confirmation: "yes' or '1'='1" }, as(ada)],
])("%s: it is refused", async (_what, change, ctx) => {
  await expect(requireConfirmation(ctx, { ...question, confirmation: undefined, ...change })).rejects.toMatchObject(
    refused,
  )
})

test("somebody else's yes, one to something else, and one from too long ago are none", async () => {
  const confirmation = await askConfirmation(as(ada), question)
  const yes = { ...question, confirmation }
  await expect(requireConfirmation(as(bob), yes)).rejects.toMatchObject(refused)
  await expect(requireConfirmation(as(ada), { ...yes, about: "13 customers, vip" })).rejects.toMatchObject(refused)
  await expect(requireConfirmation(as(ada), { ...yes, action: "customers.erased" })).rejects.toMatchObject(refused)
  await expect(requireConfirmation(as(ada, later(16)), yes)).rejects.toMatchObject(refused)
  await requireConfirmation(as(ada, later(14)), yes)
})

test("scripts and jobs are not asked", async () => {
  await requireConfirmation(testContext({ db, vendors: {} }), { ...question, confirmation: undefined })
  await expect(askConfirmation(testContext({ db, vendors: {} }), question)).rejects.toMatchObject({ code: "forbidden" })
})
