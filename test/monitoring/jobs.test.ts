import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { AppError } from "../../shared/errors.ts"
import { type JobDefinition, jobDefinition } from "../../shared/monitoring/jobDefinitions.ts"
import { type JobFacts, jobState } from "../../shared/monitoring/jobState.ts"
import { jobsDown } from "../../shared/monitoring/jobsDown.ts"
import { listJobs } from "../../shared/monitoring/listJobs.ts"
import { noteJobsDown } from "../../shared/monitoring/noteJobsDown.ts"
import { pauseJob } from "../../shared/monitoring/pauseJob.ts"
import { requestRun } from "../../shared/monitoring/requestRun.ts"
import { type JobRunner, type KnownJob, runJob } from "../../shared/monitoring/runJob.ts"
import { startDueJobs } from "../../shared/monitoring/startDueJobs.ts"
import { tick } from "../../workers/jobs/tick.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const begin = new Date("2026-11-20T12:01:00Z")
const ops = { kind: "staff", id: "s1", email: "ops@example.com", name: "Ops", role: "ops" } as const
const ctx = testContext({ db, vendors: {}, actor: ops })

const minutesIn = (minutes: number) => {
  ctx.clock.now = new Date(begin.getTime() + minutes * 60_000)
}
beforeEach(async () => {
  await db.execute(sql`truncate jobs, job_runs, staff_notifications cascade`)
  minutesIn(0)
})

const definition = (more: Partial<JobDefinition> = {}): JobDefinition => {
  const retention = jobDefinition("retention")
  if (!retention) throw new Error("There is no retention.")
  return { ...retention, cron: "0 * * * *", ...more }
}
const start = (more: Partial<JobDefinition> = {}) => startDueJobs(ctx, [definition(more)])
const runs = async () => {
  const { rows } = await db.execute(sql`
    select trigger, to_char(scheduled_for at time zone 'UTC', 'HH24:MI') as at, outcome, counts, error, attempts
    from job_runs order by created_at, id`)
  return rows
}
const doing =
  (runner: JobRunner<typeof ctx>): (() => KnownJob<typeof ctx>) =>
  () => ({ runner, attempts: 5 })
const succeed = doing(async () => ({ counts: { looked: 1 } }))

describe("a tick", () => {
  test("plans a job that it sees first, and starts it when its time comes, once however many tick", async () => {
    expect(await start()).toEqual([])
    expect(await runs()).toEqual([])
    minutesIn(59)
    const waiting = await Promise.all([start(), start(), start()])
    expect(new Set(waiting.flat()).size).toBe(1)
    expect(await runs()).toMatchObject([{ trigger: "cron", at: "13:00" }])
    const [id = ""] = waiting[0] ?? []
    const ends = await Promise.all([1, 2, 3].map(() => runJob(ctx, { runId: id, find: succeed })))
    expect(ends.sort()).toEqual(["not mine", "not mine", "succeeded"])
    expect(await start()).toEqual([])
    expect(await runs()).toMatchObject([{ outcome: "succeeded", counts: { looked: 1 }, error: null }])
  })

  test("after hours in which nobody ticked makes up for one run, not for each", async () => {
    await start()
    minutesIn(5 * 60)
    const [id = ""] = await start()
    expect(await runs()).toMatchObject([{ trigger: "catch-up", at: "17:00" }])
    await runJob(ctx, { runId: id, find: succeed })
    expect(await start()).toEqual([])
    minutesIn(5 * 60 + 59)
    await start()
    expect((await runs())[1]).toMatchObject({ trigger: "cron", at: "18:00" })
  })

  test("begins no run while another is unfinished, and makes up for it after", async () => {
    await start()
    minutesIn(59)
    const [first = ""] = await start()
    let enough: (() => void) | undefined
    const running = runJob(ctx, {
      runId: first,
      find: doing(async () => {
        await new Promise<void>((resolve) => {
          enough = resolve
        })
        return { counts: {} }
      }),
    })
    await expect.poll(() => enough !== undefined).toBe(true)
    minutesIn(60 + 60)
    // The lease is long over by this clock: whoever is at it says so in time, or is taken for dead.
    expect(await start()).toEqual([first])
    expect(await runs()).toHaveLength(1)
    enough?.()
    expect(await running).toBe("succeeded")
    await start()
    expect(await runs()).toMatchObject([
      { at: "13:00", outcome: "succeeded" },
      { at: "14:00", outcome: null },
    ])
  })

  test("of another schedule plans anew", async () => {
    await start()
    await start({ cron: "0 20 * * *" })
    minutesIn(59)
    expect(await start({ cron: "0 20 * * *" })).toEqual([])
    minutesIn(8 * 60)
    expect(await start({ cron: "0 20 * * *" })).toHaveLength(1)
  })

  test("leaves paused jobs alone, and does not make up for the pause", async () => {
    await start()
    await pauseJob(ctx, { job: "retention", paused: true })
    await pauseJob(ctx, { job: "retention", paused: true })
    minutesIn(5 * 60)
    expect(await start()).toEqual([])
    await pauseJob(ctx, { job: "retention", paused: false })
    expect(await start()).toEqual([])
    minutesIn(5 * 60 + 59)
    expect(await start()).toHaveLength(1)
    const { rows } = await db.execute(sql`select action from audit_log order by at`)
    expect(rows).toEqual([{ action: "job.paused" }, { action: "job.resumed" }])
  })
})

describe("a run", () => {
  const started = async () => {
    await start()
    minutesIn(59)
    const [id = ""] = await start()
    return id
  }

  test("goes on from its cursor when a part has come to its end", async () => {
    const runId = await started()
    const runner = doing(async (_ctx, { cursor, counts }) => {
      const page = Number(cursor ?? 0) + 1
      const read = (counts.read ?? 0) + 100
      return page < 3 ? { counts: { read }, cursor: page } : { counts: { read } }
    })
    const ends = []
    for (let part = 0; part < 4; part++) ends.push(await runJob(ctx, { runId, find: runner }))
    expect(ends).toEqual(["continues", "continues", "succeeded", "not mine"])
    expect(await runs()).toMatchObject([{ counts: { read: 300 } }])
  })

  test("that somebody died over is taken up from what they had kept, and not before their lease has run out", async () => {
    const runId = await started()
    const dies = doing(async (_ctx, part) => {
      await part.keep({ cursor: "half", counts: { done: 50 } })
      return new Promise(() => {})
    })
    void runJob(ctx, { runId, find: dies })
    await expect.poll(async () => (await runs())[0]?.counts).toEqual({ done: 50 })
    expect(await start()).toEqual([])
    minutesIn(63)
    expect(await start()).toEqual([runId])
    const seen: unknown[] = []
    const goesOn = doing(async (_ctx, { cursor, counts }) => {
      seen.push(cursor)
      return { counts: { done: (counts.done ?? 0) + 50 } }
    })
    expect(await runJob(ctx, { runId, find: goesOn })).toBe("succeeded")
    expect([seen, await runs()]).toMatchObject([["half"], [{ counts: { done: 100 } }]])
  })

  test("is given up where its holders die again and again over the same step, though each said that it was at it", async () => {
    const runId = await started()
    let said = 0
    const dies = doing(async (_ctx, part) => {
      for (let times = 0; times < 2; times++) await part.keep({ cursor: "half", counts: { done: 50 } })
      said++
      return new Promise(() => {})
    })
    const attempts: unknown[] = []
    for (let life = 0; life < 5; life++) {
      minutesIn(59 + 4 * life)
      void runJob(ctx, { runId, find: dies })
      await expect.poll(() => said).toBe(life + 1)
      attempts.push((await runs())[0]?.attempts)
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5])
    minutesIn(59 + 20)
    expect(await runJob(ctx, { runId, find: succeed })).toBe("failed")
  })

  test("is left alone by whoever was slow and has lost it", async () => {
    const runId = await started()
    let goOn: (() => void) | undefined
    const slow = runJob(ctx, {
      runId,
      find: doing(async (_ctx, part) => {
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        await part.keep({ cursor: "stale", counts: { done: 1 } })
        return { counts: { done: 1 } }
      }),
    })
    await expect.poll(() => goOn !== undefined).toBe(true)
    minutesIn(63)
    expect(await runJob(ctx, { runId, find: succeed })).toBe("succeeded")
    goOn?.()
    expect(await slow).toBe("not mine")
    expect(await runs()).toMatchObject([{ outcome: "succeeded", counts: { looked: 1 } }])
  })

  test("that fails for a while is tried again, rarer each time; then it has failed, and staff are told once", async () => {
    const runId = await started()
    const down = doing(async () => {
      throw new AppError("vendor_unavailable", "Stripe does not answer.")
    })
    const ends = []
    for (const minute of [60, 60.5, 62, 65, 71, 85, 120]) {
      minutesIn(minute)
      ends.push(await runJob(ctx, { runId, find: down }))
    }
    expect(ends).toEqual(["retries", "not mine", "retries", "retries", "retries", "failed", "not mine"])
    expect(await runs()).toMatchObject([{ outcome: "failed", error: "Stripe does not answer." }])
    const { rows } = await db.execute(sql`select message from staff_notifications`)
    expect(rows).toEqual([{ message: "The job retention failed: Stripe does not answer." }])
  })

  test("that cannot succeed fails at once, and one that kills whoever takes it up fails in the end", async () => {
    const runId = await started()
    const refused = doing(async () => {
      throw new AppError("vendor_rejected", "The key lacks a permission.")
    })
    expect(await runJob(ctx, { runId, find: refused })).toBe("failed")

    minutesIn(119)
    const [second = ""] = await start()
    for (let death = 0; death < 5; death++) {
      void runJob(ctx, { runId: second, find: doing(() => new Promise(() => {})) })
      await expect.poll(async () => (await runs())[1]?.attempts).toBe(death + 1)
      minutesIn(119 + 4 * (death + 1))
    }
    expect(await runJob(ctx, { runId: second, find: succeed })).toBe("failed")
    expect((await runs())[1]).toMatchObject({ error: expect.stringContaining("died") })
  })

  test("asked for by staff is one however often they ask, and the one under way where there is one", async () => {
    const runId = crypto.randomUUID()
    expect(await requestRun(ctx, { job: "retention", runId })).toEqual({ runId })
    expect(await requestRun(ctx, { job: "retention", runId })).toEqual({ runId })
    expect(await requestRun(ctx, { job: "retention", runId: crypto.randomUUID() })).toEqual({ runId })
    expect(new Set(ctx.queues.jobs.take())).toEqual(new Set([runId]))
    expect(await runJob(ctx, { runId, find: succeed })).toBe("succeeded")
    expect(await requestRun(ctx, { job: "retention", runId })).toEqual({ runId })
    expect(await runs()).toMatchObject([{ trigger: "staff", outcome: "succeeded" }])
    await expect(requestRun(ctx, { job: "nothing", runId })).rejects.toMatchObject({ code: "not_found" })
    await expect(requestRun(ctx, { job: "retention", runId: "x" })).rejects.toMatchObject({ code: "bad_request" })
    const viewer = { ...ctx, actor: { ...ops, role: "viewer" as const } }
    await expect(requestRun(viewer, { job: "retention", runId })).rejects.toMatchObject({ code: "forbidden" })
  })
})

test("staff are told once of a job that does not run and of a run that hangs", async () => {
  await start()
  minutesIn(59 + 59)
  await noteJobsDown(ctx)
  expect((await db.execute(sql`select from staff_notifications`)).rowCount).toBe(0)
  minutesIn(59 + 62)
  await noteJobsDown(ctx)
  await noteJobsDown(ctx)
  const [runId = ""] = await start()
  void runJob(ctx, { runId, find: doing(() => new Promise(() => {})) })
  await expect.poll(async () => (await runs())[0]?.attempts).toBe(1)
  minutesIn(59 + 62 + 121)
  await noteJobsDown(ctx)
  const { rows } = await db.execute(sql`select message from staff_notifications order by created_at, message`)
  expect(rows.map(({ message }) => message)).toEqual([
    "The job retention has not run since its time.",
    "A run of the job retention takes longer than it may.",
    "The job retention has not run since its time.",
  ])
})

const notices = async () => {
  const { rows } = await db.execute<{ message: string }>(
    sql`select message from staff_notifications order by created_at, message`,
  )
  return rows.map(({ message }) => message)
}

test("a run that nobody takes up makes its job late, then down, and staff are told once", async () => {
  const stateOf = async () => (await listJobs(ctx)).find((job) => job.definition.name === "stripe-sync")?.state
  const down = async () => {
    const listed = (await listJobs(ctx)).filter(({ state }) => state === "down")
    // Today counts the same ones.
    expect((await db.execute(jobsDown(ctx.now()))).rowCount).toBe(listed.length)
    return listed.map(({ definition }) => definition.name)
  }
  ctx.clock.now = new Date("2026-11-20T06:01:00Z")
  await tick(ctx)
  ctx.queues.jobs.take()
  ctx.clock.now = new Date("2026-11-20T08:00:30Z")
  await tick(ctx)
  const [runId = ""] = (
    await db.execute<{ id: string }>(sql`select id from job_runs where job = 'stripe-sync'`)
  ).rows.map(({ id }) => id)
  expect(ctx.queues.jobs.take()).toContain(runId)
  ctx.clock.now = new Date("2026-11-20T08:30:30Z")
  await tick(ctx)
  expect(ctx.queues.jobs.take()).toContain(runId)
  expect(await stateOf()).toBe("late")
  expect(await down()).not.toContain("stripe-sync")
  expect(await notices()).not.toContainEqual(expect.stringContaining("stripe-sync"))
  for (const minute of ["02", "04"]) {
    ctx.clock.now = new Date(`2026-11-20T09:${minute}:30Z`)
    await tick(ctx)
    expect(await down()).toContain("stripe-sync")
  }
  expect((await notices()).filter((message) => message.includes("stripe-sync"))).toEqual([
    "A run of the job stripe-sync waits, and nobody takes it up.",
  ])
  await runJob(ctx, { runId, find: succeed })
  expect(await stateOf()).toBe("up")
  expect(await down()).not.toContain("stripe-sync")
})

test("with the queue down staff are told what does not run, and the runs are announced when it is back", async () => {
  const down = async () => {
    throw new Error("queue down")
  }
  const cutOff = { ...ctx, queues: { jobs: { send: down, sendBatch: down } } }
  await tick(ctx)
  minutesIn(2)
  await expect(tick(cutOff)).rejects.toThrow("queue down")
  minutesIn(12)
  await expect(tick(cutOff)).rejects.toThrow("queue down")
  expect(await notices()).toContain("A run of the job emails waits, and nobody takes it up.")
  ctx.queues.jobs.take()
  minutesIn(14)
  await tick(ctx)
  const { rows } = await db.execute<{ id: string }>(sql`select id from job_runs where finished_at is null`)
  expect(new Set(ctx.queues.jobs.take())).toEqual(new Set(rows.map(({ id }) => id)))
})

test("another grace or longest duration in code holds at once, and leaves the job's time as it is", async () => {
  await start()
  minutesIn(59 + 20)
  await start({ graceMinutes: 10, maximumMinutes: 7 })
  const { rows } = await db.execute(sql`select grace_minutes, maximum_minutes, next_at from jobs`)
  expect(rows).toMatchObject([{ grace_minutes: 10, maximum_minutes: 7 }])
  expect((await runs()).map(({ at }) => at)).toEqual(["13:00"])
})

test("a job that is no longer defined is not missed", async () => {
  await start({ name: "given-up" })
  minutesIn(59 + 500)
  await noteJobsDown(ctx)
  expect(await notices()).toEqual([])
})

describe("the state of a job", () => {
  const now = new Date("2026-11-20T12:00:00Z")
  const minutesFromNow = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const facts: JobFacts = {
    pausedAt: null,
    nextAt: minutesFromNow(30),
    graceMinutes: 10,
    maximumMinutes: 60,
    runningSince: null,
    waitingSince: null,
    lastOutcome: "succeeded",
  }
  test.each<[string, Partial<JobFacts>, string]>([
    ["has never run", { lastOutcome: null }, "new"],
    ["has run in time", {}, "up"],
    ["is past its time", { nextAt: minutesFromNow(-5) }, "late"],
    ["is past its grace", { nextAt: minutesFromNow(-11) }, "down"],
    ["has never run and is past its grace", { lastOutcome: null, nextAt: minutesFromNow(-11) }, "down"],
    ["failed last", { lastOutcome: "failed" }, "down"],
    ["is paused", { pausedAt: now, nextAt: minutesFromNow(-500) }, "paused"],
    ["runs", { runningSince: minutesFromNow(-5), lastOutcome: "failed" }, "running"],
    ["hangs", { runningSince: minutesFromNow(-61) }, "down"],
    ["waits to be taken up", { waitingSince: minutesFromNow(-5) }, "late"],
    ["waits and nobody takes it up", { waitingSince: minutesFromNow(-11) }, "down"],
    ["waits and nobody takes it up though paused", { waitingSince: minutesFromNow(-11), pausedAt: now }, "down"],
    ["runs though paused", { runningSince: minutesFromNow(-1), pausedAt: now }, "running"],
  ])("that %s", (_name, more, state) => {
    expect(jobState({ ...facts, ...more }, now)).toBe(state)
  })
})

test("a job is down on Today exactly when its own page shows it down", async () => {
  const now = new Date("2026-11-20T12:00:00Z")
  ctx.clock.now = now
  const minutes = fc.integer({ min: -300, max: 60 })
  const moment = fc.option(
    minutes.map((count) => new Date(now.getTime() + count * 60_000).toISOString()),
    { nil: null },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        pausedAt: moment,
        nextAt: moment,
        open: fc.option(fc.record({ scheduledFor: moment, startedAt: moment }), { nil: null }),
        last: fc.constantFrom("succeeded", "failed", null),
      }),
      async ({ pausedAt, nextAt, open, last }) => {
        const { name, graceMinutes, maximumMinutes } = definition()
        await db.execute(sql`truncate jobs, job_runs cascade`)
        await db.execute(sql`
          insert into jobs values (${name}, '', ${graceMinutes}, ${maximumMinutes}, ${nextAt}, ${pausedAt}, ${now.toISOString()})`)
        const early = new Date(now.getTime() - 400 * 60_000).toISOString()
        const late = new Date(now.getTime() - 90 * 60_000).toISOString()
        if (last)
          await db.execute(sql`
            insert into job_runs (id, job, trigger, requested_by, created_at, started_at, finished_at, outcome)
            values (gen_random_uuid(), ${name}, 'cron', 'test', ${early}, ${early}, ${early}, ${last})`)
        if (open)
          await db.execute(sql`
            insert into job_runs (id, job, trigger, requested_by, created_at, scheduled_for, started_at)
            values (gen_random_uuid(), ${name}, 'cron', 'test', ${late}, ${open.scheduledFor}, ${open.startedAt})`)
        const state = (await listJobs(ctx)).find((job) => job.definition.name === name)?.state
        expect((await db.execute(jobsDown(now))).rowCount).toBe(state === "down" ? 1 : 0)
      },
    ),
    { numRuns: 150, seed: 20261121 },
  )
}, 60_000)
