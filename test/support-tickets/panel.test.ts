import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import type { Actor } from "../../shared/context.ts"
import { saveCategory } from "../../shared/support/settings/saveCategory.ts"
import { requestPanel } from "../../shared/support/setup/requestPanel.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { sweepTickets } from "../../shared/support/sweepTickets.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const desk = useCommands(useDatabase())
const { channels } = desk.ids
const olga: Actor = { kind: "staff", id: crypto.randomUUID(), email: "olga@example.com", name: "Olga", role: "owner" }
const staff = () => ({ ...desk.context(), actor: olga })

beforeEach(async () => {
  await desk.db.execute(sql`delete from settings where name = 'supportPanel'`)
  await desk.db.execute(sql`delete from ticket_categories where id = 'hosting'`)
  await setUpDiscord(desk.context())
  desk.context().queues.tickets.take()
})

const panels = () =>
  desk.said(channels.support).filter(({ components }) => JSON.stringify(components).includes("ticket.open"))
const offered = () => JSON.stringify(panels().at(-1)?.components)
const write = (name: string, change: { seenVersion?: number; enabled?: boolean } = {}) =>
  saveCategory(staff(), {
    ...{ id: "hosting", name, description: "", position: 900, enabled: true, questions: [], keywords: [], roleId: "" },
    ...{ parentId: "", firstResponseMinutes: 60, resolutionMinutes: 600, seenVersion: 0 },
    ...change,
  })
const kept = async () => (await loadSupport(desk.context())).settings.supportPanel
const due = async () => (await sweepTickets(desk.context())).counts.panel ?? 0
const minutes = (count: number) => desk.setClock(new Date(Date.now() + count * 60_000))

test("the panel that is there says what a category is, as soon as staff have saved it", async () => {
  const before = panels().length
  await write("Hosting")
  await desk.workOff()
  expect(offered()).toContain('"Hosting"')
  await write("Servers", { seenVersion: 1 })
  await desk.workOff()
  expect(offered()).toContain('"Servers"')
  await write("Servers", { seenVersion: 2, enabled: false })
  await desk.workOff()
  expect(offered()).not.toContain("hosting")
  expect([panels().length, await due()]).toEqual([before, 0])
})

test("a save that the queue did not hear of is found by the sweep, and so is any other change of what it says", async () => {
  await write("Hosting")
  desk.context().queues.tickets.take()
  expect(await due()).toBe(1)
  await desk.context().queues.tickets.send({ ids: (await sweepTickets(desk.context())).refs })
  await desk.workOff()
  expect([offered().includes("Hosting"), await due()]).toEqual([true, 0])
  await desk.db.execute(sql`update ticket_categories set position = 1 where id = 'hosting'`)
  expect(await due()).toBe(1)
})

test("what Discord refuses is kept and told, tried again after ten minutes, and at once when staff ask", async () => {
  const elsewhere = (channelId: string) =>
    desk.db.execute(sql`
      update settings set value = value || jsonb_build_object('channelId', ${channelId}::text) where name = 'supportPanel'`)
  await elsewhere("123456789012345678")
  await write("Hosting")
  await desk.workOff()
  expect(await kept()).toMatchObject({ error: expect.stringMatching(/./), leaseUntil: "" })
  const [told] = await desk.rows(sql`select message from staff_notifications where key like 'panel:%'`)
  expect(told?.message).toContain("The panel in Discord does not show")
  expect(await due()).toBe(0)
  minutes(11)
  expect(await due()).toBe(1)
  minutes(0)
  await elsewhere(channels.support)
  await requestPanel(staff())
  await desk.workOff()
  expect([offered().includes("Hosting"), await due()]).toEqual([true, 0])
  expect(await kept()).toMatchObject({ error: "", leaseUntil: "" })
})

test("one that was never posted is not brought up to date", async () => {
  await desk.db.execute(sql`delete from settings where name = 'supportPanel'`)
  const before = panels().length
  await write("Hosting")
  await desk.workOff()
  expect([panels().length, await due()]).toEqual([before, 0])
})
