import { sql } from "drizzle-orm"
import { TOTP } from "otpauth"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { freePort } from "../../scripts/local/freePort.ts"
import { startBrowser } from "../support/browser.ts"
import { expectAccessible } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const port = await freePort()
const origin = `http://localhost:${port}`
const workers = useWorkers(database, ["admin"], { vars: { SIGN_IN: "own", ADMIN_URL: origin } })
const ada = "00000000-0000-4000-8000-0000000000a1"

beforeEach(async () => {
  await db.execute(
    sql`truncate staff, staff_sessions, staff_codes, staff_recovery_codes, staff_passkeys, staff_challenges, staff_confirmations`,
  )
  await db.execute(sql`
    insert into staff (id, email, name, role, created_at, disabled_at) values
      (${ada}, 'ada@staff.test', 'Ada', 'owner', now(), null),
      (gen_random_uuid(), 'gone@staff.test', 'Gone', 'owner', now(), now())`)
  workers.fakes.mailbox.mails.length = 0
})

/** A browser without script: keeps its cookies. */
function visitor(more: Record<string, string> = {}) {
  const cookies = new Map<string, string>()
  const send = async (path: string, form?: Record<string, string>) => {
    const answer = await workers.fetch("admin", path, {
      ...(form && { method: "POST", body: new URLSearchParams(form).toString() }),
      headers: {
        ...more,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form && {
          origin: "http://admin",
          "sec-fetch-site": "same-origin",
          "content-type": "application/x-www-form-urlencoded",
        }),
      },
      redirect: "manual",
    })
    for (const line of (answer.headers.get("set-cookie") ?? "").split(/, (?=[\w-]+=)/)) {
      const [pair = ""] = line.split(";")
      if (pair === "") continue
      const at = pair.indexOf("=")
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }
  return { get: (path: string) => send(path), post: send, cookies }
}

const codesIn = () => workers.fakes.mailbox.mails.map(({ text }) => /(\d{4} \d{4})/.exec(text ?? "")?.[1] ?? "none")
async function mailedCode(): Promise<string> {
  await expect.poll(() => codesIn().length).toBeGreaterThan(0)
  return codesIn().at(-1) ?? "none"
}
const asks = (who: ReturnType<typeof visitor>, email = "ada@staff.test") =>
  who.post("/sign-in/code", { email, back: "/" })
const wrong = (code: string) => code.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10))

describe("a code by mail", () => {
  test("signs in once, in the browser that asked, and rotates what was there", async () => {
    const mine = visitor()
    expect((await mine.get("/customers")).headers.get("location")).toBe("/sign-in?back=%2Fcustomers")
    await asks(mine)
    const code = await mailedCode()
    expect(workers.fakes.mailbox.mails.map(({ to }) => to)).toEqual([["ada@staff.test"]])

    const other = visitor()
    expect((await other.post("/sign-in/verify", { code, back: "/" })).status).toBe(401)
    const done = await mine.post("/sign-in/verify", { code, back: "/customers" })
    expect([done.status, done.headers.get("location")]).toEqual([303, "/customers"])
    expect((await mine.get("/customers")).status).toBe(200)
    const again = visitor()
    for (const [name, value] of mine.cookies) if (name.endsWith("sign-in")) again.cookies.set(name, value)
    expect((await again.post("/sign-in/verify", { code, back: "/" })).status).toBe(401)
  })

  test("is kept as a hash only, and leads to no other site", async () => {
    const mine = visitor()
    await asks(mine)
    const code = await mailedCode()
    const kept = await db.execute(sql`select row_to_json(c)::text as row from staff_codes c`)
    expect(kept.rows.map((row) => row.row).join()).not.toContain(code.replace(" ", ""))
    const done = await mine.post("/sign-in/verify", { code, back: "//evil.example.com" })
    expect(done.headers.get("location")).toBe("/")
    for (const back of [
      "/\t/evil.example.com",
      "/\n/evil.example.com",
      "/\r\n//evil.example.com",
      "\\/evil.example.com",
    ]) {
      const answer = await mine.post("/sign-in/code", { email: "nobody@staff.test", back })
      expect([back, answer.status, answer.headers.get("location")]).toEqual([back, 303, "/sign-in/code?back=%2F"])
    }
  })

  test.each(["nobody@staff.test", "gone@staff.test", "not an address"])(
    "is answered alike for %s, and none is sent",
    async (email) => {
      const known = await asks(visitor())
      await mailedCode()
      const unknown = await asks(visitor(), email)
      expect(unknown.status).toBe(known.status)
      expect(unknown.headers.get("location")).toBe(known.headers.get("location"))
      expect(await unknown.text()).toBe(await known.text())
      expect(workers.fakes.mailbox.mails).toHaveLength(1)
    },
  )

  test("does not hold after three wrong ones, nor any other for the address in the next 15 minutes", async () => {
    const mine = visitor()
    await asks(mine)
    const code = await mailedCode()
    for (let time = 0; time < 3; time++)
      expect((await mine.post("/sign-in/verify", { code: wrong(code), back: "/" })).status).toBe(401)
    expect((await mine.post("/sign-in/verify", { code, back: "/" })).status).toBe(401)
    const second = visitor()
    await asks(second)
    await expect.poll(() => codesIn().length).toBe(2)
    expect((await second.post("/sign-in/verify", { code: codesIn()[1] ?? "", back: "/" })).status).toBe(401)
    await db.execute(sql`update staff_codes set created_at = created_at - interval '16 minutes'`)
    expect((await second.post("/sign-in/verify", { code: codesIn()[1] ?? "", back: "/" })).status).toBe(303)
  })

  test("guessed a hundred times at once is guessed three times", async () => {
    const mine = visitor()
    await asks(mine)
    const code = await mailedCode()
    const guesses = Array.from({ length: 100 }, (_, index) => (index === 50 ? code : wrong(code)))
    await Promise.all(guesses.map((guess) => mine.post("/sign-in/verify", { code: guess, back: "/" })))
    const kept = await db.execute<{ attempts: number }>(sql`select attempts from staff_codes`)
    expect(kept.rows[0]?.attempts).toBeLessThanOrEqual(3)
  })

  test("is mailed three times in 15 minutes at most, however many ask at once", async () => {
    await Promise.all(Array.from({ length: 12 }, () => asks(visitor())))
    await expect.poll(() => codesIn().length).toBe(3)
    const kept = await db.execute(sql`select from staff_codes`)
    expect(kept.rowCount).toBe(3)
  })

  test("is not kept from its owner by strangers who use up theirs", async () => {
    const from = (client: string) => visitor({ "cf-connecting-ip": client })
    for (let time = 0; time < 5; time++) await asks(from("198.51.100.7"))
    for (let time = 0; time < 5; time++) await asks(from(`2001:db8:1:2:${time}::1`))
    await expect.poll(() => codesIn().length).toBe(6)
    const mine = from("2001:db8:1:3::1")
    await asks(mine)
    await expect.poll(() => codesIn().length).toBe(7)
    expect((await mine.post("/sign-in/verify", { code: codesIn()[6] ?? "", back: "/" })).status).toBe(303)
    for (let time = 0; time < 30; time++) await asks(from(`203.0.113.${time}`))
    const kept = await db.execute(sql`select from staff_codes`)
    expect(kept.rowCount).toBe(20)
  })

  test("is too old after five minutes", async () => {
    const mine = visitor()
    await asks(mine)
    const code = await mailedCode()
    await db.execute(sql`update staff_codes set expires_at = now() - interval '1 second'`)
    expect((await mine.post("/sign-in/verify", { code, back: "/" })).status).toBe(401)
  })

  test("opens nothing for who was disabled meanwhile", async () => {
    const mine = visitor()
    await asks(mine)
    const code = await mailedCode()
    await db.execute(sql`update staff set disabled_at = now()`)
    expect((await mine.post("/sign-in/verify", { code, back: "/" })).status).toBe(401)
  })
})

async function signedIn() {
  const mine = visitor()
  await asks(mine)
  await mine.post("/sign-in/verify", { code: await mailedCode(), back: "/" })
  return mine
}

describe("the authenticator app", () => {
  async function withApp() {
    const mine = await signedIn()
    const begun = await (await mine.post("/account/totp/begin", {})).text()
    const secret = /class="secret">([A-Z2-7]+)</.exec(begun)?.[1] ?? ""
    const sealed = /name="sealed" value="([^"]+)"/.exec(begun)?.[1] ?? ""
    const app = new TOTP({ secret })
    const refused = await mine.post("/account/totp/confirm", { sealed, code: wrong(app.generate()) })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("not the app")])
    const confirmed = await mine.post("/account/totp/confirm", { sealed, code: app.generate() })
    const codes = [...(await confirmed.text()).matchAll(/<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})<\/code>/g)]
    return { mine, app, secret, recovery: codes.map(([, code]) => String(code)) }
  }
  /** As if the codes of this half minute had not been used. */
  const forgetStep = () => db.execute(sql`update staff set totp_last_step = 0`)
  async function afterTheMail() {
    const mine = visitor()
    await asks(mine)
    const sent = codesIn().length
    await expect.poll(() => codesIn().length).toBeGreaterThanOrEqual(sent)
    const verified = await mine.post("/sign-in/verify", { code: await mailedCode(), back: "/" })
    expect(verified.headers.get("location")).toBe("/sign-in/second?back=%2F")
    expect((await mine.get("/customers")).status).toBe(303)
    return mine
  }

  test("is asked for after the mailed code; a code opens once, and its secret is kept encrypted", async () => {
    const { app, secret, recovery } = await withApp()
    expect(recovery).toHaveLength(10)
    const kept = await db.execute(sql`select row_to_json(s)::text as row from staff s`)
    expect(kept.rows.map((row) => row.row).join()).not.toContain(secret)
    workers.fakes.mailbox.mails.length = 0

    const mine = await afterTheMail()
    expect((await mine.post("/sign-in/second", { code: app.generate(), back: "/" })).status).toBe(401)
    await forgetStep()
    expect((await mine.post("/sign-in/second", { code: app.generate(), back: "/" })).status).toBe(303)
    expect((await mine.get("/customers")).status).toBe(200)
  })

  test("is opened by a recovery code once, and by nothing after three wrong ones", async () => {
    const { app, recovery } = await withApp()
    await db.execute(sql`truncate staff_codes`)
    workers.fakes.mailbox.mails.length = 0
    const mine = await afterTheMail()
    expect((await mine.post("/sign-in/second", { code: recovery[0] ?? "", back: "/" })).status).toBe(303)
    workers.fakes.mailbox.mails.length = 0
    const again = await afterTheMail()
    for (let time = 0; time < 3; time++)
      expect((await again.post("/sign-in/second", { code: recovery[0] ?? "", back: "/" })).status).toBe(401)
    await forgetStep()
    expect((await again.post("/sign-in/second", { code: app.generate(), back: "/" })).status).toBe(401)
  })

  test("takes three wrong answers of a person in a quarter of an hour, whatever browsers they come from", async () => {
    const { app } = await withApp()
    await db.execute(sql`truncate staff_codes`)
    await forgetStep()
    for (const answers of [2, 1]) {
      workers.fakes.mailbox.mails.length = 0
      const mine = await afterTheMail()
      for (let time = 0; time < answers; time++)
        expect((await mine.post("/sign-in/second", { code: wrong(app.generate()), back: "/" })).status).toBe(401)
    }
    workers.fakes.mailbox.mails.length = 0
    const third = await afterTheMail()
    expect((await third.post("/sign-in/second", { code: app.generate(), back: "/" })).status).toBe(401)
    await db.execute(
      sql`update staff_codes set created_at = created_at - interval '16 minutes' where second_attempts = 2`,
    )
    expect((await third.post("/sign-in/second", { code: app.generate(), back: "/" })).status).toBe(303)
  })

  test("does not take the place of another app, and its holder is told by mail of what becomes of it", async () => {
    const { mine, app } = await withApp()
    const subjects = () =>
      workers.fakes.mailbox.mails.flatMap(({ subject }) => (subject.includes("changed") ? [subject] : []))
    expect(subjects()).toHaveLength(1)
    const begun = await (await mine.post("/account/totp/begin", {})).text()
    const strangers = new TOTP({ secret: /class="secret">([A-Z2-7]+)</.exec(begun)?.[1] ?? "" })
    const sealed = /name="sealed" value="([^"]+)"/.exec(begun)?.[1] ?? ""
    expect((await mine.post("/account/totp/confirm", { sealed, code: strangers.generate() })).status).toBe(409)
    await forgetStep()
    expect((await mine.post("/account/totp/remove", { code: strangers.generate() })).status).toBe(400)
    expect((await mine.post("/account/totp/remove", { code: app.generate() })).status).toBe(200)
    expect(subjects()).toHaveLength(2)
  })

  test("is turned off with a recovery code by who has lost the app", async () => {
    const { mine, recovery } = await withApp()
    expect((await mine.post("/account/totp/remove", { code: recovery[3] ?? "" })).status).toBe(200)
    expect((await mine.post("/account/totp/remove", { code: recovery[4] ?? "" })).status).toBe(400)
    const told = await db.execute(
      sql`select from audit_log where action = 'staff.secondFactorRemoved' and subject_id = ${ada}`,
    )
    expect(told.rowCount).toBeGreaterThan(0)
  })

  test("is turned off with a present code only", async () => {
    const { mine, app } = await withApp()
    await forgetStep()
    expect((await mine.post("/account/totp/remove", { code: wrong(app.generate()) })).status).toBe(400)
    expect((await mine.post("/account/totp/remove", { code: app.generate() })).status).toBe(200)
    const kept = await db.execute(sql`select totp_secret from staff where id = ${ada}`)
    expect(kept.rows).toEqual([{ totp_secret: null }])
    expect((await db.execute(sql`select from staff_recovery_codes`)).rowCount).toBe(0)
  })

  test("is taken away by an owner from who has lost it, who is signed out by it", async () => {
    const { mine } = await withApp()
    expect(await (await mine.get("/staff")).text()).toContain("Reset sign-in")
    expect((await mine.post(`/staff/${ada}/reset`, {})).status).toBe(303)
    expect((await mine.get("/customers")).headers.get("location")).toContain("/sign-in")
    await db.execute(sql`truncate staff_codes`)
    workers.fakes.mailbox.mails.length = 0
    expect((await (await signedIn()).get("/customers")).status).toBe(200)
  })

  test("cannot be enrolled with a secret that was begun for somebody else", async () => {
    const mine = await signedIn()
    const answer = await mine.post("/account/totp/confirm", { sealed: "00".repeat(40), code: "123456" })
    expect(answer.status).toBe(400)
  })
})

test("one's own sessions are listed, and each ends by itself", async () => {
  const mine = await signedIn()
  workers.fakes.mailbox.mails.length = 0
  await db.execute(sql`truncate staff_codes`)
  const other = await signedIn()
  const html = await (await mine.get("/account")).text()
  const hashes = [...html.matchAll(/\/account\/sessions\/([0-9a-f]{64})\/end/g)].map(([, hash]) => hash)
  expect(hashes).toHaveLength(2)
  const here = (
    await db.execute<{ hash: string }>(sql`select token_hash as hash from staff_sessions order by created_at limit 1`)
  ).rows[0]?.hash
  await mine.post(`/account/sessions/${hashes.find((hash) => hash !== here)}/end`, {})
  expect((await mine.get("/customers")).status).toBe(200)
  expect((await other.get("/customers")).status).toBe(303)
})

describe("a passkey in a browser", () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>
  let proxy: { close(): Promise<void> }
  beforeAll(async () => {
    browser = await startBrowser()
    proxy = await forward(port)
  })
  afterAll(async () => {
    await browser.close()
    await proxy.close()
  })

  test("is added on the account page and signs in by itself; removed, it opens nothing", async () => {
    const context = await browser.newContext({ baseURL: origin })
    const page = await context.newPage()
    const protocol = await context.newCDPSession(page)
    await protocol.send("WebAuthn.enable")
    await protocol.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto("/sign-in")
    await expectAccessible(page)
    await page.getByLabel("E-mail").fill("Ada@Staff.test")
    await page.getByRole("button", { name: "Mail me a code" }).click()
    await page.getByLabel("Code").fill(await mailedCode())
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("link", { name: "Ada" }).click()
    await page.getByLabel("Name of the device").fill("Laptop")
    await page.getByRole("button", { name: "Add a passkey" }).click()
    await page.getByText("Laptop, since").waitFor()
    await expectAccessible(page)
    await page.locator("form[action='/account/totp/begin'] button").click()
    await page.locator("[data-qr] svg path").waitFor()
    await expectAccessible(page)

    const signIn = async () => {
      await page.getByRole("button", { name: "Sign out" }).last().click()
      await page.waitForURL("**/sign-in**")
      await page.getByRole("button", { name: "Sign in with a passkey" }).click()
    }
    await page.goto("/")
    await signIn()
    await page.getByRole("heading", { name: "Today" }).waitFor()

    await page.goto("/account")
    await page.getByRole("button", { name: "Remove the passkey Laptop" }).click()
    await page.goto("/")
    await signIn()
    await page.getByText("This passkey opens nothing here.").waitFor()
    await context.close()
  })

  test("signs nothing that is not ours, was used, or is about somebody else", async () => {
    const bodies = [null, {}, { answer: {} }, { answer: { response: { clientDataJSON: "e30" } } }]
    for (const body of bodies) {
      const answer = await workers.fetch("admin", "/sign-in/passkey", {
        method: "POST",
        headers: { origin: "http://admin", "sec-fetch-site": "same-origin", "content-type": "application/json" },
        body: JSON.stringify(body),
        redirect: "manual",
      })
      expect(answer.status).toBe(400)
      expect(answer.headers.get("set-cookie")).toBeNull()
    }
  })
})

/** The address that the settings name, in front of wherever the Worker listens. */
async function forward(from: number) {
  const { createServer, connect } = await import("node:net")
  const to = Number(new URL(workers.url()).port)
  const server = createServer((socket) => {
    const inner = connect(to, "127.0.0.1")
    socket.pipe(inner).pipe(socket)
    for (const each of [socket, inner]) each.on("error", () => [socket, inner].map((end) => end.destroy()))
  })
  await new Promise<void>((resolve) => server.listen(from, resolve))
  return { close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
