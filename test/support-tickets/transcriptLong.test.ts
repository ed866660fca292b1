import type { APIMessage } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { afterAll, expect, test } from "vitest"
import * as z from "zod/mini"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { transcriptHtml } from "../../shared/support/transcript/transcriptHtml.ts"
import { transcriptJson } from "../../shared/support/transcript/transcriptJson.ts"
import { startDiscordApi } from "../support/discordApi.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { people } from "./scriptedDiscord.ts"
import { openTicket } from "./useTicket.ts"

const { db } = useDatabase()
const cdn = await startDiscordApi()
afterAll(() => cdn.close())

const whole = z.object({
  entries: z.array(
    z.object({
      content: z.string(),
      author: z.object({ name: z.string(), kind: z.string() }),
      at: z.string(),
      deletedAt: z.nullable(z.string()),
      edits: z.array(z.object({ content: z.string() })),
      files: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
    }),
  ),
})

test("a transcript of 1,000 messages with edits, deletions and expired links is complete from storage alone", async () => {
  const { id, ctx, discord, channel, files, pass, rows } = await openTicket(db)
  let expired = false
  cdn.script.answer = ({ path }) => (expired ? { status: 404 } : { text: `file ${path}` })
  const expected: { content: string; by: string; deleted: boolean; earlier: string[]; file: string | null }[] = []
  const said: APIMessage[] = []
  for (let index = 0; index < 1000; index++) {
    pass(0.1)
    const by = index % 3 === 0 ? people.staff : people.opener
    const file = index % 50 === 0 ? `log-${index}.txt` : null
    const attachment = {
      id: String(index + 1),
      filename: file ?? "",
      size: 10,
      url: `${cdn.url}/${file}`,
      proxy_url: "",
    }
    expected.push({ content: `Message ${index}`, by, deleted: false, earlier: [], file })
    said.push(discord.say(channel, `Message ${index}`, { by, ...(file && { attachments: [attachment] }) }))
    // Looks come at their own times, so that there is a little to read, or much.
    if ([5, 80, 430].includes(index)) await captureTicket(ctx, { id })
  }
  await captureTicket(ctx, { id })
  for (let round = 0; round < 3; round++) {
    await storeAttachments(ctx, { ticketId: id })
    pass(2)
  }
  for (const [index, message] of said.entries()) {
    const entry = expected[index]
    if (!entry) continue
    if (index % 11 === 0) {
      entry.earlier.push(entry.content)
      entry.content = `Message ${index}, said better`
      discord.edit(message, entry.content)
    } else if (index % 13 === 0) {
      entry.deleted = true
      discord.remove(message)
    }
  }
  // Older than what every look compares: seen when the ticket is closed.
  pass(1)
  await captureTicket(ctx, { id, final: true })
  expired = true
  discord.channels.clear()
  discord.step = () => {
    throw new Error("Nobody asks Discord for a transcript.")
  }

  const json: unknown = JSON.parse(await new Response(await transcriptJson(ctx, { ticketId: id, for: "staff" })).text())
  const { entries } = whole.parse(json)
  expect(
    entries.map(({ content, author, deletedAt, edits, files: attached }) => ({
      content,
      by: author.kind === "staff" ? people.staff : people.opener,
      deleted: deletedAt !== null,
      earlier: edits.map((edit) => edit.content),
      file: attached[0]?.name ?? null,
    })),
  ).toEqual(expected)
  expect(entries.flatMap((entry) => entry.files).every(({ status }) => status === "stored")).toBe(true)
  const kept = await rows(sql`select key, name from ticket_attachments where ticket_id = ${id}`)
  expect(kept).toHaveLength(20)
  for (const { key, name } of kept)
    expect(Buffer.from(files.files.get(String(key)) ?? []).toString()).toBe(`file /${name}`)
  const page = await new Response(
    await transcriptHtml(ctx, { ticketId: id, for: "staff", fileLink: (file) => `files/${file.id}` }),
  ).text()
  expect(page.match(/<article /g)).toHaveLength(1000)
  for (const { content } of expected) expect(page).toContain(`>${content}</div>`)
})

test("a transcript is sent piece by piece: of 10,000 messages only some are held at a time", async () => {
  const { id, ctx } = await openTicket(db)
  await db.batch([
    // Without what they are found by, which takes longer than all the rest.
    db.execute(sql`set local session_replication_role = replica`),
    db.execute(sql`
      insert into ticket_messages (id, ticket_id, origin, external_id, author_id, author_name, author_kind, content, sent_at)
      select gen_random_uuid(), ${id}, 'discord', (1500000000000000000 + n)::text, '1', 'Ada', 'opener', 'Message ' || n || repeat(' and so on', 50), now() + n * interval '1 second'
      from generate_series(1, 10000) n`),
  ])
  let queries = 0
  const counting = new Proxy(ctx.db, {
    get: (target, name) => {
      if (name === "batch") queries++
      return Reflect.get(target, name, target)
    },
  })
  const stream = await transcriptHtml({ ...ctx, db: counting }, { ticketId: id, for: "opener", fileLink: () => "" })
  let [largest, articles, pieces] = [0, 0, 0]
  const decoder = new TextDecoder()
  for await (const piece of stream) {
    largest = Math.max(largest, piece.length)
    articles += decoder.decode(piece).match(/<article /g)?.length ?? 0
    pieces++
    // Read no further than is asked for.
    expect(queries).toBeLessThanOrEqual(pieces + 1)
  }
  expect(articles).toBe(10_000)
  expect(largest).toBeLessThan(1_000_000)
})
