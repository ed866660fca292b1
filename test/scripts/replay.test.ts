import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, test } from "vitest"
import { readRecordings } from "../../scripts/replay/readRecordings.ts"
import { shiftTimes } from "../../scripts/replay/shiftTimes.ts"

function withFiles<Value>(files: Record<string, string>, read: (folder: string) => Value): Value {
  const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-replay-"))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
    return read(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test("times of Stripe move alike, amounts and other numbers stay", () => {
  const event = {
    created: 1_700_000_000,
    data: {
      object: {
        amount: 1_700_000_000,
        period: { start: 1_700_000_100 },
        trial_end: null,
        items: [{ current_period_end: 1_700_000_200 }],
      },
    },
  }
  expect(shiftTimes(event, 50)).toEqual({
    created: 1_700_000_050,
    data: {
      object: {
        amount: 1_700_000_000,
        period: { start: 1_700_000_150 },
        trial_end: null,
        items: [{ current_period_end: 1_700_000_250 }],
      },
    },
  })
})

test("folders, arrays and line-delimited files are read in order", () => {
  const ids = withFiles(
    {
      "b.json": '[{"id":"evt_2","type":"x"},{"id":"evt_3","type":"x"}]',
      "a.json": '{"id":"evt_1","type":"x"}',
      "c.ndjson": '{"id":"evt_4","type":"x"}\n\n{"id":"evt_5","type":"x"}\n',
      "note.txt": "no",
    },
    (folder) => readRecordings([folder]).map(({ event }) => event.id),
  )
  expect(ids).toEqual(["evt_1", "evt_2", "evt_3", "evt_4", "evt_5"])
})

test("recordings that share an id but not their content each get one of their own, the same on every run", () => {
  const files = {
    "a.json": '{"id":"evt_1","type":"x"}',
    "b.json": '{"id":"evt_1","type":"y"}',
    "c.json": '{"id":"evt_2","type":"y"}',
  }
  const read = () => withFiles(files, (folder) => readRecordings([folder]).map(({ event }) => String(event.id)))
  expect(new Set(read()).size).toBe(3)
  expect(read()).toEqual(read())
  expect(read()[2]).toBe("evt_2")
})

test("a file that holds no event is named", () => {
  expect(() => withFiles({ "a.json": "{" }, (folder) => readRecordings([folder]))).toThrow(/a\.json cannot be read/)
  expect(() => withFiles({ "a.json": '{"x":1}' }, (folder) => readRecordings([folder]))).toThrow(
    /not an event of Stripe/,
  )
})
