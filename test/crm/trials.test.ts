import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { fetchTrials } from "../../shared/crm/trials/fetchTrials.ts"
import { importTrials } from "../../shared/crm/trials/importTrials.ts"
import { closeExpiredTrials, matchTrials } from "../../shared/crm/trials/settleTrials.ts"
import { timeOf } from "../../shared/crm/trials/trialRows.ts"
import { addressHash } from "../../shared/email/addressHash.ts"
import { AppError } from "../../shared/errors.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const noon = new Date("2026-11-21T12:00:00Z")
const ctx = testContext({ db, now: noon, vendors: {}, actor: { kind: "job", name: "trial-sync" } })

beforeEach(async () => {
  ctx.clock.now = noon
  await db.execute(sql`truncate leads, hosting_requests, customers, suppressions cascade`)
})

const text = (content: string) => new TextEncoder().encode(content)
const importing = (content: string | Uint8Array, options: Partial<Parameters<typeof importTrials>[1]> = {}) =>
  importTrials(ctx, { bytes: typeof content === "string" ? text(content) : content, ...options })
const leads = async () => {
  const { rows } = await db.execute(sql`
    select email, source, kind, name, plan, trial_started_at as started, trial_ends_at as ends, converted_at as converted, data
    from leads order by email, source`)
  return rows
}

function trialsFile(): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-trials-"))
  const file = path.join(folder, "trials.db")
  const database = new DatabaseSync(file)
  database.exec(`
    create table settings (name text, value text);
    create table trials (id integer primary key, email text, started_at text, ends_at integer, converted integer, server text);
    insert into trials values
      (1, ' Ada@Example.com ', '2026-11-01 08:30:00', 1796083200, 0, 'node-1'),
      (2, 'bob@example.com', '2026-11-05T08:30:00+01:00', 1796428800000, 1, null),
      (3, 'no address', '2026-11-05', null, 0, null),
      (4, 'eve@example.com', 'soon', 1796083200, 0, null)`)
  database.close()
  const bytes = new Uint8Array(readFileSync(file))
  rmSync(folder, { recursive: true })
  return bytes
}

describe("an import of trials", () => {
  test("reads a real SQLite file, keeps what is valid and tells what is not by row and column", async () => {
    const first = await importing(trialsFile())
    expect(first).toEqual({
      read: 4,
      created: 2,
      changed: 0,
      unchanged: 0,
      invalid: 2,
      problems: [
        { row: 3, column: "email", reason: '"no address" is no e-mail address.' },
        { row: 4, column: "started_at", reason: '"soon" is no time.' },
      ],
      warning: null,
    })
    expect(await leads()).toEqual([
      {
        email: "ada@example.com",
        source: "trials",
        kind: "trial",
        name: null,
        plan: null,
        started: "2026-11-01 08:30:00+00",
        ends: "2026-12-01 00:00:00+00",
        converted: null,
        data: { id: "1", server: "node-1" },
      },
      expect.objectContaining({
        email: "bob@example.com",
        started: "2026-11-05 07:30:00+00",
        ends: "2026-12-05 00:00:00+00",
      }),
    ])
  })

  test("again changes nothing, not a row; what has changed is changed", async () => {
    const csv = "E-Mail;Source;Trial End;Plan\nada@example.com;ads;2026-12-01;Pro\nbob@example.com;;2026-12-02;Pro\n"
    expect(await importing(csv, { source: "site" })).toMatchObject({ created: 2, invalid: 0 })
    const versions = async () => (await db.execute(sql`select email, xmin::text from leads order by 1`)).rows
    const before = await versions()
    expect(await importing(csv, { source: "site" })).toMatchObject({ created: 0, changed: 0, unchanged: 2 })
    expect(await versions()).toEqual(before)
    const json = JSON.stringify([
      { email: "ADA@example.com", source: "ads", endsAt: "2026-12-24T10:00:00Z", plan: null },
    ])
    expect(await importing(json)).toMatchObject({ created: 0, changed: 1 })
    expect(await leads()).toMatchObject([
      { email: "ada@example.com", source: "ads", plan: "Pro", ends: "2026-12-24 10:00:00+00" },
      { email: "bob@example.com", source: "site", ends: "2026-12-02 00:00:00+00" },
    ])
  })

  test("takes columns as they are named, and tables", async () => {
    expect(
      await importing('[{"who":"a@example.com","until":"2026-12-01"}]', { columns: { email: "who", endsAt: "until" } }),
    ).toMatchObject({
      created: 1,
    })
    await expect(importing("x,y\n1,2\n")).rejects.toThrow(/no column for addresses .* It has: x, y/)
    await expect(importing("email\na@example.com\n", { columns: { plan: "tier" } })).rejects.toThrow(/no column "tier"/)
    await expect(importing(trialsFile(), { table: "nothing" })).rejects.toThrow(
      /no table "nothing". It has: settings, trials/,
    )
  })

  test("keeps nobody who asked to be forgotten", async () => {
    await db.execute(
      sql`insert into suppressions (email, reason, "all", since) values (${addressHash(sql`'ada@example.com'`)}, 'erased', true, now())`,
    )
    expect(await importing("email\nada@example.com\nbob@example.com\n")).toMatchObject({ created: 1, invalid: 1 })
    expect(await leads()).toMatchObject([{ email: "bob@example.com" }])
  })

  test("of nobody is no error, and what was done is in the audit log with the change", async () => {
    expect(await importing("[]")).toMatchObject({ read: 0, created: 0 })
    await importing("email\nada@example.com\n", { source: "audited" })
    const { rows } = await db.execute(sql`select after from audit_log where subject_id = 'audited'`)
    expect(rows).toEqual([{ after: { created: 1, changed: 0 } }])
  })

  test("of many at once, two at the same time, is each once", async () => {
    const csv = `email,ends_at\n${Array.from({ length: 9000 }, (_, index) => `many${index}@example.com,2026-12-01`).join("\n")}\n`
    await Promise.all([importing(csv), importing(csv)])
    expect((await db.execute(sql`select count(*)::int as n from leads`)).rows).toEqual([{ n: 9000 }])
  })

  test("answers whatever comes with what is wrong, never with an error of ours", async () => {
    for (const [content, message] of [
      ["", /empty/],
      ["[1, 2", /JSON/],
      ['{"a": 1}', /list of objects/],
      ["\0\0\0\0", /NUL/],
      ["SQLite format 3\0", /damaged/],
    ] as const)
      await expect(importing(content)).rejects.toThrow(message)
    await expect(importing(new Uint8Array(21_000_000))).rejects.toMatchObject({ code: "too_large" })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.json().map(text),
          fc.string().map((each) => text(`email\n${each}`)),
        ),
        async (bytes) => {
          await importing(bytes).catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error
            expect(["bad_request", "too_large"]).toContain(error.code)
          })
        },
      ),
      { numRuns: 150, seed: 20261121 },
    )
  })

  test.each([
    ["2026-11-21 10:00:00", "2026-11-21T10:00:00.000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21T10:00:00+0530", "2026-11-21T04:30:00.000Z"],
    [1_764_547_200, "2025-12-01T00:00:00.000Z"],
    ["1764547200000", "2025-12-01T00:00:00.000Z"],
    [0, null],
    [null, null],
    ["2026-13-45", undefined],
    ["yesterday", undefined],
    ["12", undefined],
  ])("the time %s is %s", (given, read) => {
    expect(timeOf(given)).toBe(read)
  })
})

describe("trials that are over", () => {
  const buys = (email: string, status = "active") =>
    db.batch([
      db.execute(sql`insert into customers (id, stripe_id, email, stage, created_at, synced_at, synced_order, digest)
        values (md5(${email})::uuid, ${`cus_${email}`}, ${email}, 'active', now(), now(), '', '')`),
      db.execute(sql`insert into subscriptions (id, customer_id, status, relevant, cancel_at_period_end, started_at, synced_at, synced_order, digest)
        values (${`sub_${email}`}, md5(${email})::uuid, ${status}, true, false, '2026-11-20T00:00:00Z', now(), '', '')`),
    ])

  test("are closed once, with one request to hosting, however many do it; who bought has converted", async () => {
    await importing(
      "email,ends_at\nada@example.com,2026-11-20\nbob@example.com,2026-11-20\neve@example.com,2026-11-25\nmia@example.com,2026-11-20\n",
    )
    await buys("Ada@example.com")
    await buys("mia@example.com", "incomplete")
    expect(await matchTrials(ctx)).toBe(1)
    expect(await matchTrials(ctx)).toBe(0)
    const closed = await Promise.all([closeExpiredTrials(ctx), closeExpiredTrials(ctx)])
    expect(closed[0] + closed[1]).toBe(2)
    const { rows } = await db.execute(sql`
      select l.email, l.closed_at is not null as closed, l.converted_at, h.action from leads l left join hosting_requests h on h.lead_id = l.id order by 1`)
    expect(rows).toEqual([
      { email: "ada@example.com", closed: false, converted_at: "2026-11-20 00:00:00+00", action: null },
      { email: "bob@example.com", closed: true, converted_at: null, action: "end_trial" },
      { email: "eve@example.com", closed: false, converted_at: null, action: null },
      { email: "mia@example.com", closed: true, converted_at: null, action: "end_trial" },
    ])
  })

  test("are not ended at hosting where the customer buys after all, or the file says that they have", async () => {
    const csv = (paid: string) =>
      `email,ends_at,converted\nada@example.com,2026-11-20,no\nbob@example.com,2026-11-20,${paid}\n`
    await importing(csv("no"))
    expect(await closeExpiredTrials(ctx)).toBe(2)
    await buys("ada@example.com")
    expect(await matchTrials(ctx)).toBe(1)
    expect(await importing(csv("yes"))).toMatchObject({ changed: 1 })
    ctx.clock.now = new Date("2026-11-22T12:00:00Z")
    expect(await importing(csv("yes"))).toMatchObject({ changed: 0, unchanged: 2 })
    expect((await db.execute(sql`select from hosting_requests`)).rowCount).toBe(0)
    expect(await closeExpiredTrials(ctx)).toBe(0)
  })

  test("of somebody who was a customer long before have not converted by that", async () => {
    await importing("email,started,ends\nada@example.com,2026-11-01,2026-11-20\n")
    await buys("ada@example.com", "canceled")
    await db.execute(sql`update subscriptions set started_at = '2024-01-01', ended_at = '2025-01-01'`)
    expect(await matchTrials(ctx)).toBe(0)
    expect(await closeExpiredTrials(ctx)).toBe(1)
  })

  test("of somebody whose trial of Stripe's ended unpaid have not converted by that", async () => {
    await importing("email,started,ends\nada@example.com,2026-11-01,2026-11-20\n")
    await buys("ada@example.com", "canceled")
    const ended = (at: string) =>
      db.execute(sql`update subscriptions set started_at = '2026-11-05', trial_end = '2026-11-19', ended_at = ${at}`)
    await ended("2026-11-10T00:00:00Z")
    expect(await matchTrials(ctx)).toBe(0)
    await ended("2026-11-20T00:00:00Z")
    expect(await matchTrials(ctx)).toBe(1)
  })

  test("and are made longer are open again", async () => {
    await importing("email,ends_at\nada@example.com,2026-11-20\n")
    expect(await closeExpiredTrials(ctx)).toBe(1)
    await importing("email,ends_at\nada@example.com,2026-11-30\n")
    expect((await db.execute(sql`select from hosting_requests`)).rowCount).toBe(0)
    expect((await db.execute(sql`select closed_at from leads`)).rows).toEqual([{ closed_at: null }])
    ctx.clock.now = new Date("2026-12-01T00:00:00Z")
    expect(await closeExpiredTrials(ctx)).toBe(1)
  })
})

test("the file is fetched from its address with the token alone, never led elsewhere, never beyond its size", async () => {
  const asked: (string | undefined)[] = []
  let answer: { status: number; headers?: Record<string, string>; body: string | Buffer } = {
    status: 200,
    body: "email\na@example.com\n",
  }
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization)
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trials.db`
  const fetching = () => fetchTrials({ url, token: "t" })
  expect(new TextDecoder().decode(await fetching())).toBe("email\na@example.com\n")
  expect(asked).toEqual(["Bearer t"])
  for (const [next, code] of [
    [{ status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" }, "misconfigured"],
    [{ status: 401, body: "" }, "misconfigured"],
    [{ status: 503, body: "" }, "vendor_unavailable"],
    [{ status: 200, body: Buffer.alloc(20_000_001) }, "too_large"],
  ] as const) {
    answer = next
    await expect(fetching()).rejects.toMatchObject({ code })
  }
  server.close()
  for (const bad of ["http://example.com/trials.db", "ftp://example.com/x", "nonsense", ""])
    await expect(fetchTrials({ url: bad, token: "t" })).rejects.toMatchObject({ code: "misconfigured" })
})
