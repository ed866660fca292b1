import { sql } from "drizzle-orm"
import type { Database } from "../../shared/db/client.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { settingSchemas } from "../../shared/settings/settings.ts"
import { testContext } from "../support/testContext.ts"
import { people, ScriptedDiscord, staffRole } from "./scriptedDiscord.ts"

export const morning = new Date("2026-11-20T09:00:00Z")
const minutes = (count: number) => count * 60_000

/** Files kept in memory. */
export class MemoryFiles implements FileStore {
  readonly files = new Map<string, Uint8Array>()
  readonly types = new Map<string, string>()
  async put(key: string, body: ReadableStream<Uint8Array>, about: { size: number; contentType: string }) {
    const bytes = new Uint8Array(await new Response(body).arrayBuffer())
    if (bytes.length !== about.size) throw new Error(`${key} has ${bytes.length} bytes, not ${about.size}.`)
    this.files.set(key, bytes)
    this.types.set(key, about.contentType)
  }
  async get(key: string) {
    const bytes = this.files.get(key)
    if (!bytes) return null
    return { body: new Blob([new Uint8Array(bytes)]).stream(), size: bytes.length }
  }
  async delete(key: string) {
    this.files.delete(key)
  }
}

/** Of channels that tests make: unique within a file. */
let channels = 0

/** A ticket that is open in a scripted Discord, and a clock that the test moves. */
export async function openTicket(db: Database) {
  const files = new MemoryFiles()
  const clock = { now: morning }
  channels += 10_000
  const discord = new ScriptedDiscord(() => clock.now, channels)
  const base = testContext({ db, now: morning, vendors: { discord, files } })
  const ctx = { ...base, now: () => clock.now }
  const id = crypto.randomUUID()
  const channel = discord.channel()
  const staffThread = discord.channel()
  await db.execute(sql`
    insert into settings (name, value, updated_at) values ('support', ${JSON.stringify({ ...settingSchemas.support.parse(undefined), staffRoleId: staffRole })}::jsonb, now()) on conflict do nothing`)
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_id, opener_name, guild_id, place_kind,
      channel_id, staff_thread_id, opened_at, last_message_at, capture_at)
    values (${id}, 'discord', 'open', ${id}, 'It is down', 'It is down since noon', ${people.opener}, 'User 1', '300000000000000050', 'channel',
      ${channel}, ${staffThread}, ${morning.toISOString()}, ${morning.toISOString()}, ${morning.toISOString()})`)
  const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows
  return {
    id,
    ctx,
    clock,
    discord,
    files,
    tickets: base.queues.tickets,
    channel,
    staffThread,
    rows,
    pass: (count: number) => {
      clock.now = new Date(clock.now.getTime() + minutes(count))
    },
    said: () =>
      rows(sql`select content, author_kind, internal, deleted_at is not null as deleted, edited_at is not null as edited
        from ticket_messages where ticket_id = ${id} order by sent_at, external_id::numeric`),
    contents: async () =>
      (
        await rows(
          sql`select content from ticket_messages where ticket_id = ${id} order by sent_at, external_id::numeric`,
        )
      ).map(({ content }) => String(content)),
    ticket: async () => (await rows(sql`select * from tickets where id = ${id}`))[0] ?? {},
  }
}
