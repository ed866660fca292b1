import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { useCrm } from "./useCrm.ts"

const { ask, db } = useCrm()
const id = crypto.randomUUID()
const condition = { all: [{ field: "customer.country", op: "in", value: ["SE"] }] }

beforeAll(async () => {
  await db.execute(sql`
    insert into customers (id, email, name, country, stage, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'c' || g || '@example.com', '<b>' || g, case when g % 2 = 0 then 'SE' else 'DE' end,
      case when g % 4 = 0 then 'churned' else 'active' end, now() - g * interval '1 second', now(), '', ''
    from generate_series(1, 50) g`)
  await db.execute(sql`insert into segments (id, name, condition, created_at, updated_at, updated_by)
    values (${id}, 'Swedes', ${JSON.stringify(condition)}, now(), now(), 'test')`)
})

async function emails(path: string): Promise<string[]> {
  const seen: string[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { status, body } = await ask("GET", `${path}limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    expect(status).toBe(200)
    for (const { email } of body.data) seen.push(email)
    cursor = body.next
  }
  return seen
}

test("segments are told with their conditions", async () => {
  const { body } = await ask("GET", "/v1/segments")
  expect(body).toMatchObject({ data: [{ id, name: "Swedes", condition }], next: null })
})

test("who is in a segment is told page by page without a gap or a repetition", async () => {
  const even = Array.from({ length: 25 }, (_, index) => `c${2 * index + 2}@example.com`)
  expect(await emails(`/v1/segments/${id}/customers?`)).toEqual(even)
  expect(await emails(`/v1/customers?segment=${id}&stage=churned&`)).toEqual(even.filter((_, index) => index % 2 === 1))
})
