import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { readPeriod } from "../../shared/support/figures/period.ts"
import { quantile } from "../../shared/support/figures/quantile.ts"
import { ticketFigures } from "../../shared/support/figures/ticketFigures.ts"
import { workingClock } from "../../shared/support/figures/workingClock.ts"
import { workingMinutes } from "../../shared/support/figures/workingMinutes.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket } from "../support/ticketRows.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const bea = "00000000-0000-4000-8000-0000000000b1"
const cid = "00000000-0000-4000-8000-0000000000c1"
/** A time of day in Berlin, in winter, of a day in November 2026; the 16th is a Monday. */
const at = (day: number, time: string) => new Date(`2026-11-${day}T${time}:00+01:00`)
const now = at(23, "11:00")
const ctx = testContext({ db, now, vendors: {} })

beforeAll(async () => {
  await seedSupport(ctx)
  await db.execute(sql`
    insert into staff (id, email, name, role, discord_user_id, created_at)
    values (${bea}, 'bea@example.com', 'Bea Lind', 'support', '200000000000000001', now()),
      (${cid}, 'cid@example.com', 'Cid Moss', 'support', null, now())`)
  const closed = { status: "closed" as const }
  // 30 minutes, 120 minutes.
  await insertTicket(db, {
    ...closed,
    categoryId: "technical",
    openedAt: at(16, "10:00"),
    firstResponseAt: at(16, "10:30"),
    firstResponseBy: "discord:200000000000000001",
    claimedBy: `staff:${bea}`,
    closedAt: at(16, "12:00"),
    rating: 5,
  })
  // 30 in the evening and 30 in the morning; 30 + 540 + 30.
  await insertTicket(db, {
    ...closed,
    categoryId: "technical",
    openedAt: at(16, "17:30"),
    firstResponseAt: at(17, "09:30"),
    firstResponseBy: `staff:${cid}`,
    claimedBy: `staff:${cid}`,
    closedAt: at(18, "09:30"),
    rating: 4,
  })
  // 180 of 120 minutes: late. Three days are 1620 of 1440: late, too.
  await insertTicket(db, {
    ...closed,
    categoryId: "technical",
    openedAt: at(17, "09:00"),
    firstResponseAt: at(17, "12:00"),
    firstResponseBy: `staff:${cid}`,
    closedAt: at(20, "09:00"),
    closedBy: `staff:${bea}`,
  })
  // Unanswered, 60 + 120 of 180 minutes: over by now.
  await insertTicket(db, { categoryId: "billing", openedAt: at(20, "17:00") })
  // All of it on a Saturday.
  await insertTicket(db, {
    ...closed,
    categoryId: "billing",
    openedAt: at(21, "12:00"),
    firstResponseAt: at(21, "13:00"),
    firstResponseBy: "discord:200000000000000001",
    closedAt: at(21, "14:00"),
    openerId: "300000000000000001",
    closedBy: "discord:300000000000000001",
    rating: 1,
  })
  // Closed by its opener after 60 minutes, before anybody answered: no response, and none that is late.
  await insertTicket(db, {
    ...closed,
    categoryId: "purchase",
    openedAt: at(19, "10:00"),
    closedAt: at(19, "11:00"),
    openerId: "300000000000000001",
    closedBy: "discord:300000000000000001",
  })
  // The minute before the period begins, and the first one after it.
  await insertTicket(db, { categoryId: "other", openedAt: at(15, "23:59") })
  await insertTicket(db, { categoryId: "other", openedAt: at(24, "00:00") })
})

test("the figures are those of a hand count", async () => {
  const figures = await ticketFigures(ctx, { from: "2026-11-16", until: "2026-11-23" })
  expect(figures.all).toEqual({
    tickets: 6,
    // Of 0, 30, 60, 180.
    firstResponse: { count: 4, median: 45, p90: expect.closeTo(144, 6) },
    // Of 0, 60, 120, 600, 1620.
    resolution: { count: 5, median: 120, p90: expect.closeTo(1212, 6) },
    lateFirstResponses: 2,
    lateResolutions: 1,
    unanswered: 2,
    open: 1,
    rating: { count: 3, mean: 10 / 3 },
  })
  expect(
    figures.byCategory.map(({ name, summary }) => [
      name,
      summary.tickets,
      summary.firstResponse.median,
      summary.resolution.median,
      summary.lateFirstResponses,
      summary.lateResolutions,
      summary.rating.mean,
    ]),
  ).toEqual([
    ["Technical", 3, 60, 600, 1, 1, 4.5],
    ["Billing", 2, 0, 0, 1, 0, 1],
    ["Purchase", 1, null, 60, 0, 0, null],
  ])
  expect(
    figures.byStaff.map(({ name, answers, late, work }) => [
      name,
      answers.count,
      answers.median,
      late,
      work.tickets,
      work.resolution.median,
      work.rating.mean,
    ]),
  ).toEqual([
    ["Bea Lind", 2, 15, 0, 3, 120, 3],
    ["Cid Moss", 2, 120, 1, 1, 600, 4],
  ])
})

test("a ticket is the work of whoever of the staff closed it, also by the role alone, and of a colleague linked since", async () => {
  const of = async (closedBy: string) => {
    const ticket = await insertTicket(db, {
      status: "closed",
      openedAt: at(13, "10:00"),
      firstResponseAt: at(13, "10:30"),
      firstResponseBy: `staff:${cid}`,
      closedAt: at(13, "12:00"),
      closedBy,
      closedByLabel: "role",
    })
    const { byStaff } = await ticketFigures(ctx, { from: "2026-11-13", until: "2026-11-13" })
    await db.execute(sql`delete from tickets where id = ${ticket.id}`)
    return byStaff.map(({ name, work }) => [name, work.tickets])
  }
  expect(await of("discord:400000000000000001")).toEqual([
    ["role", 1],
    ["Cid Moss", 0],
  ])
  expect(await of("discord:200000000000000001")).toEqual([
    ["Bea Lind", 1],
    ["Cid Moss", 0],
  ])
  expect(await of("job:tickets")).toEqual([["Cid Moss", 1]])
})

test("an open ticket becomes late as time goes on, and stays in no median", async () => {
  const before = { ...ctx, now: () => at(23, "10:59") }
  const { all } = await ticketFigures(before, { from: "2026-11-20", until: "2026-11-20" })
  expect(all).toMatchObject({ tickets: 1, lateFirstResponses: 0, firstResponse: { count: 0, median: null, p90: null } })
  const later = { ...ctx, now: () => at(30, "18:00") }
  const { all: afterwards } = await ticketFigures(later, { from: "2026-11-20", until: "2026-11-20" })
  expect(afterwards).toMatchObject({ lateFirstResponses: 1, lateResolutions: 1, open: 1 })
})

test("a period is days of the support hours' zone, over every change of the clocks", () => {
  const period = readPeriod({ from: "2026-03-29", until: "2026-03-29" }, "Europe/Berlin", now)
  expect([period.start.toISOString(), period.end.toISOString()]).toEqual([
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
  ])
  for (const asked of [
    {},
    { from: "x" },
    { from: "2026-02-31" },
    { from: "2026-11-20", until: "2026-11-01" },
    { from: "2001-01-01", until: "2026-01-01" },
  ])
    expect([asked, readPeriod(asked, "Asia/Kathmandu", now)]).toMatchObject([
      asked,
      { from: "2026-10-25", until: "2026-11-23", start: new Date("2026-10-24T18:15:00Z") },
    ])
})

test("looked up or counted anew, working minutes are the same", () => {
  const { supportHours } = {
    supportHours: {
      timeZone: "America/St_Johns",
      days: [
        { from: "22:00", until: "06:30" },
        null,
        { from: "00:00", until: "00:00" },
        null,
        { from: "09:15", until: "17:45" },
        null,
        null,
      ],
    },
  }
  const start = new Date("2026-10-20T00:00:00Z")
  const clock = workingClock(supportHours, start, now)
  const moment = fc.integer({ min: start.getTime(), max: now.getTime() }).map((each) => new Date(each))
  fc.assert(
    fc.property(moment, moment, (from, until) => {
      expect(clock(from.getTime(), until.getTime())).toBeCloseTo(workingMinutes(from, until, supportHours), 6)
    }),
    { numRuns: 200 },
  )
})

test("quantiles are PostgreSQL's", async () => {
  for (const values of [[5], [1, 2], [9, 1, 5, 5, 7, 100, 3]]) {
    const told = await db.execute<{ median: number; p90: number }>(sql`
      select percentile_cont(0.5) within group (order by v) as median, percentile_cont(0.9) within group (order by v) as p90
      from unnest(${sql.param(values)}::float8[]) v`)
    expect(quantile(values, 0.5)).toBeCloseTo(Number(told.rows[0]?.median), 9)
    expect(quantile(values, 0.9)).toBeCloseTo(Number(told.rows[0]?.p90), 9)
  }
  expect(quantile([], 0.5)).toBeNull()
})
