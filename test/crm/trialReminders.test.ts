import { sql } from "drizzle-orm"
import { beforeAll, beforeEach, describe, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { recordLead } from "../../shared/crm/recordLead.ts"
import { announceTrials } from "../../shared/crm/trials/announceTrials.ts"
import { importTrials } from "../../shared/crm/trials/importTrials.ts"
import { closeExpiredTrials, matchTrials } from "../../shared/crm/trials/settleTrials.ts"
import { absorbLeads } from "../../shared/customers/merge/absorbLeads.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { EventLog } from "../fakes/stripe/eventLog.ts"
import { StripeWorld } from "../fakes/stripe/world.ts"
import { apiOf } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const day = 86_400_000
const start = new Date("2026-11-01T12:00:00Z")
const ctx = testContext({ db, now: start, vendors: {}, actor: { kind: "job", name: "trials" } })
const at = (days: number) => {
  ctx.clock.now = new Date(start.getTime() + days * day)
}
const iso = (days: number) => new Date(start.getTime() + days * day).toISOString()

beforeAll(async () => {
  await seedDefaults(ctx)
})
beforeEach(async () => {
  at(0)
  await db.execute(sql`truncate leads, hosting_requests, customers, stripe_events cascade`)
})

const importing = (...rows: string[]) =>
  importTrials(ctx, { bytes: new TextEncoder().encode(`email,name,plan,started,ends\n${rows.join("\n")}\n`) })
const ada = (ends: number) => `ada@example.com,Ada,Starter,${iso(0)},${iso(ends)}`
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows
const people = () =>
  rows(
    sql`select email, name, stage, stripe_id is not null as stripe from customers where merged_into is null order by email`,
  )
const mails = () =>
  rows(
    sql`select template_id as template, status, to_char(due_at, 'DD HH24:MI') as due, reason from email_outbox order by due_at, template_id`,
  )
const told = () => rows(sql`select kind from timeline_entries where kind like 'trial.%' order by occurred_at, kind`)

describe("a trial that came by the import", () => {
  test("makes its holder a customer of stage trial, once, however many look at the same time", async () => {
    await importing(ada(14), `bob@example.com,,,${iso(-30)},${iso(-16)}`)
    await Promise.all([announceTrials(ctx), announceTrials(ctx)])
    expect(await announceTrials(ctx)).toBe(0)
    expect(await people()).toEqual([{ email: "ada@example.com", name: "Ada", stage: "trial", stripe: false }])
    expect(await told()).toEqual([{ kind: "trial.started" }])
    expect(await rows(sql`select stage from stage_history`)).toEqual([{ stage: "trial" }])
    expect(await mails()).toEqual([])
  })

  test("is reminded of three days and one day before its end, told when it is over, and its holder moves on", async () => {
    await importing(ada(14))
    await announceTrials(ctx)
    at(10.9)
    expect(await announceTrials(ctx)).toBe(0)
    at(11.1)
    await Promise.all([announceTrials(ctx), announceTrials(ctx)])
    expect(await mails()).toEqual([
      { template: "own-trial-ending", status: "due", due: "12 12:00", reason: null },
      { template: "own-trial-last-day", status: "due", due: "14 12:00", reason: null },
    ])
    at(14.6)
    expect([await closeExpiredTrials(ctx), await announceTrials(ctx)]).toEqual([1, 1])
    expect(await mails()).toMatchObject([
      { template: "own-trial-ending", status: "cancelled", reason: "the trial is over" },
      { template: "own-trial-last-day", status: "cancelled" },
      { template: "own-trial-ended", status: "due", due: "15 12:00" },
    ])
    expect(await people()).toMatchObject([{ stage: "lead" }])
    expect(await told()).toEqual([{ kind: "trial.started" }, { kind: "trial.ending" }, { kind: "trial.ended" }])
    expect(await rows(sql`select action from hosting_requests`)).toEqual([{ action: "end_trial" }])
  })

  test("that is made longer is reminded of its new end alone", async () => {
    await importing(ada(14))
    at(11.5)
    await announceTrials(ctx)
    await importing(ada(30))
    at(11.6)
    expect(await announceTrials(ctx)).toBe(1)
    expect(await mails()).toMatchObject([
      { status: "cancelled", reason: "the trial was made longer" },
      { status: "cancelled", reason: "the trial was made longer" },
    ])
    at(27.5)
    await announceTrials(ctx)
    expect((await mails()).slice(2)).toMatchObject([
      { template: "own-trial-ending", status: "due", due: "28 12:00" },
      { template: "own-trial-last-day", status: "due" },
    ])
    expect(await announceTrials(ctx)).toBe(0)
  })

  test("that is made longer within its last days is reminded of the new end, and not left without", async () => {
    await importing(ada(14))
    at(11.5)
    await announceTrials(ctx)
    at(13.2)
    await importing(ada(16))
    await announceTrials(ctx)
    expect(await mails()).toMatchObject([
      { template: "own-trial-ending", status: "cancelled" },
      { template: "own-trial-last-day", status: "cancelled" },
      { template: "own-trial-ending", status: "due" },
      { template: "own-trial-last-day", status: "due" },
    ])
  })

  test("whose end moves a little with each push, or comes earlier, is reminded of once", async () => {
    await importing(ada(14))
    at(11.5)
    await announceTrials(ctx)
    for (const ends of [13.96, 13.9, 14.1]) {
      await importing(ada(ends))
      await announceTrials(ctx)
    }
    at(14.2)
    await closeExpiredTrials(ctx)
    await announceTrials(ctx)
    await importing(ada(14.3))
    at(14.4)
    await closeExpiredTrials(ctx)
    await announceTrials(ctx)
    const templates = (await mails()).map(({ template }) => template)
    expect(templates).toEqual(["own-trial-ending", "own-trial-last-day", "own-trial-ended"])
  })

  test("is one trial whichever ways it is told: by the website, by a file pushed, by a file fetched", async () => {
    const { lead } = await recordLead(ctx, { email: "ada@example.com", source: "website", trialEndsAt: iso(14) })
    await importing(ada(14))
    await importTrials(ctx, {
      bytes: new TextEncoder().encode(`email,ends\nada@example.com,${iso(14)}\n`),
      source: "other",
    })
    expect(await rows(sql`select id, source, name from leads`)).toEqual([
      { id: lead.id, source: "website", name: "Ada" },
    ])
  })

  test("beside another one of the same person: the one that ends last speaks for both", async () => {
    await recordLead(ctx, { email: "ada@example.com", source: "website", trialEndsAt: iso(5) })
    await recordLead(ctx, { email: "ada@example.com", source: "partner", trialEndsAt: iso(14) })
    await announceTrials(ctx)
    at(6)
    expect(await closeExpiredTrials(ctx)).toBe(1)
    await announceTrials(ctx)
    expect([await people(), await mails()]).toMatchObject([[{ stage: "trial" }], []])
  })

  test("that was over long before it was learnt of brings nobody in, and no mail", async () => {
    await importing(`old@example.com,,,${iso(-400)},${iso(-386)}`, `new@example.com,,,${iso(-14)},${iso(-0.5)}`)
    await closeExpiredTrials(ctx)
    expect(await announceTrials(ctx)).toBe(0)
    expect([await people(), await mails()]).toEqual([[], []])
  })

  test("that is learnt of on its last day is still told of, and late", async () => {
    await importing(ada(14))
    await db.execute(sql`update leads set updated_at = ${iso(13.5)}`)
    at(13.6)
    await announceTrials(ctx)
    expect(await mails()).toMatchObject([{ template: "own-trial-ending", status: "due", due: "15 00:00" }, {}])
  })

  test("leaves the wishes of who was erased and the record of who is a customer already alone", async () => {
    await db.execute(sql`
      insert into customers (id, stripe_id, email, stage, created_at, synced_at, synced_order, digest)
      values (gen_random_uuid(), 'cus_known', 'Ada@example.com', 'active', now(), now(), '', '')`)
    await importing(ada(14))
    await announceTrials(ctx)
    at(12)
    await announceTrials(ctx)
    expect(await people()).toEqual([{ email: "Ada@example.com", name: null, stage: "active", stripe: true }])
    expect(await told()).toEqual([{ kind: "trial.started" }, { kind: "trial.ending" }])
  })
})

describe("whoever buys", () => {
  const log = new EventLog({ deliver: null, webhookSecret: "x", livemode: false, faults: new Faults(1) })
  function business(now: Date) {
    log.events.length = 0
    const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => now })
    return { world, stripe: testContext({ db, now: ctx.clock.now, vendors: { stripe: apiOf(world, now) } }) }
  }
  const buy = (world: StripeWorld, email: string) => {
    const customer = world.createCustomer({ email, name: "Ada L." })
    world.subscribe({ customer: customer.id, price: "price_pro_eur_month", card: "works" })
  }

  test("is one record with the trial, whichever event comes first, and no reminder goes out any more", async () => {
    for (const order of ["as they happened", "the other way round"]) {
      await db.execute(sql`truncate leads, customers, stripe_events cascade`)
      at(0)
      await importing(ada(14))
      at(11.5)
      await announceTrials(ctx)
      at(12)
      const { world, stripe } = business(ctx.clock.now)
      buy(world, "ADA@example.com")
      const events = order === "as they happened" ? log.events : log.events.toReversed()
      await play(stripe, events, 2)
      expect([order, await people()]).toEqual([
        order,
        [{ email: "ADA@example.com", name: "Ada L.", stage: "purchase", stripe: true }],
      ])
      at(12.1)
      expect([await matchTrials(ctx), await announceTrials(ctx)]).toEqual([1, 1])
      expect(await rows(sql`select status, reason from email_outbox where template_id like 'own-trial-%'`)).toEqual(
        Array.from({ length: 2 }, () => ({ status: "cancelled", reason: "the customer subscribed" })),
      )
      expect(await told()).toEqual([{ kind: "trial.started" }, { kind: "trial.ending" }, { kind: "trial.converted" }])
      at(15)
      expect(await closeExpiredTrials(ctx)).toBe(0)
    }
  })

  test("becomes one record also where somebody died in between, and where there are several of Stripe's", async () => {
    await importing(ada(14))
    await announceTrials(ctx)
    const { world, stripe } = business(ctx.clock.now)
    for (let count = 0; count < 2; count++) buy(world, "other@example.com")
    await play(stripe, log.events)
    await db.execute(sql`update customers set email = 'ada@example.com' where stripe_id is not null`)
    expect((await Promise.all([absorbLeads(ctx), absorbLeads(ctx)])).toSorted()).toEqual([0, 1])
    expect(await absorbLeads(ctx)).toBe(0)
    expect(await people()).toHaveLength(2)
    expect((await people()).every(({ stripe: known }) => known)).toBe(true)
  })
})
