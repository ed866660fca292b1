import { spawn } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { isSqlite, readSqlite } from "../../shared/sqlite/readSqlite.ts"

const script = path.join(import.meta.dirname, "../../scripts/push-trials.sh")
const key = "ohq_a_key_of_this_test_only"
const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-push-"))
const file = (name: string, content = "") => {
  const at = path.join(folder, name)
  if (content !== "") writeFileSync(at, content)
  return at
}

/** SQLite and curl as far as the script uses them: a machine that runs these tests may have neither. */
const standIns = {
  sqlite3: `import { DatabaseSync } from "node:sqlite"
    const [, file, statement] = process.argv.slice(2)
    new DatabaseSync(file, { readOnly: true }).exec(statement)`,
  curl: `import { readFileSync, writeFileSync } from "node:fs"
    const given = process.argv.slice(2)
    writeFileSync(process.env.CURL_ARGUMENTS, given.join("\\n"))
    const after = (name) => given[given.indexOf(name) + 1]
    const [, name, value] = /header = "([^:]+): (.*)"/.exec(readFileSync(after("--config"), "utf8"))
    const [type, media] = after("--header").split(": ")
    const answer = await fetch(given.at(-1), { method: "POST", headers: { [name]: value, [type]: media }, body: readFileSync(after("--data-binary").slice(1)) })
    writeFileSync(after("--output"), await answer.text())
    process.stdout.write(String(answer.status))`,
}

let server: Server
let answer = { status: 200, body: "" }
const asked: { url: string; authorization: string | undefined; body: Buffer }[] = []

beforeAll(async () => {
  for (const [name, source] of Object.entries(standIns)) {
    file(`${name}.mjs`, source)
    chmodSync(file(name, `#!/bin/sh\nexec '${process.execPath}' '${file(`${name}.mjs`)}' "$@"\n`), 0o755)
  }
  server = createServer(async (request, response) => {
    asked.push({
      url: request.url ?? "",
      authorization: request.headers.authorization,
      body: Buffer.concat(await request.toArray()),
    })
    response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  file("key", `${key}\n`)
  const database = new DatabaseSync(file("trials.db"))
  database.exec(
    "pragma journal_mode = wal; create table trials (email text); insert into trials values ('ada@example.com')",
  )
  database.close()
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  asked.length = 0
  answer = { status: 200, body: '{"read":1,"created":1,"invalid":0,"problems":[]}' }
})

async function push(args: string[], environment: Record<string, string> = {}) {
  const child = spawn("sh", [script, ...args], {
    env: {
      PATH: `${folder}:/usr/bin:/bin`,
      OPS_HQ_KEY_FILE: file("key"),
      CURL_ARGUMENTS: file("arguments"),
      NODE_NO_WARNINGS: "1",
      ...environment,
    },
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk))
  const code = await new Promise((resolve) => child.once("close", resolve))
  return { code, said }
}
const crm = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

test("pushes a whole copy of the file with the key, which stands on no command line", async () => {
  const { code, said } = await push([crm(), file("trials.db"), "table=trials"])
  expect([code, said]).toEqual([0, expect.stringContaining('"created":1')])
  const [request] = asked
  expect(request).toMatchObject({ url: "/v1/trials/import?table=trials", authorization: `Bearer ${key}` })
  const bytes = new Uint8Array(request?.body ?? [])
  expect(isSqlite(bytes)).toBe(true)
  const pushed = readSqlite(bytes)
  expect([...(pushed.tables[0]?.rows() ?? [])]).toEqual([["ada@example.com"]])
  const { readFileSync } = await import("node:fs")
  expect(readFileSync(file("arguments"), "utf8")).not.toContain(key)
})

test("ends with 1 where rows were not kept, and with 2 and what to do where nothing could be done", async () => {
  answer.body = '{"read":2,"created":1,"invalid":1,"problems":[{"row":2}]}'
  expect((await push([crm(), file("trials.db")])).code).toBe(1)
  answer = { status: 401, body: '{"error":{"message":"No valid key"}}' }
  expect(await push([crm(), file("trials.db")])).toEqual({ code: 2, said: expect.stringContaining("answered 401") })
  for (const [args, environment, message] of [
    [[], {}, "usage:"],
    [["http://crm.example.com", file("trials.db")], {}, "https://"],
    [[crm(), file("no.db")], {}, "no readable file"],
    [[crm(), file("trials.db")], { OPS_HQ_KEY_FILE: "" }, "set OPS_HQ_KEY_FILE"],
    [[crm(), file("trials.db")], { OPS_HQ_KEY_FILE: file("nothing") }, "no readable file"],
    [[crm(), file("key")], {}, "could not be copied"],
  ] as const)
    expect(await push([...args], environment)).toEqual({ code: 2, said: expect.stringContaining(message) })
})
