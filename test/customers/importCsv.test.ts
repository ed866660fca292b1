import fc from "fast-check"
import { expect, test } from "vitest"
import { csvLine, csvText } from "../../shared/csv.ts"
import { importCsv } from "../../shared/customers/importCsv.ts"

const read = (text: string) => importCsv(new TextEncoder().encode(text)).map(({ cells }) => cells)

test.each([
  [
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\n,\n1,",
    [
      ["a", "b"],
      ["1", ""],
    ],
  ],
  ['a\n"x""y"\n', [["a"], ['x"y']]],
  [
    'a,b\n"two\nlines",""\n',
    [
      ["a", "b"],
      ["two\nlines", ""],
    ],
  ],
  ['a\n5" pipe\n', [["a"], ['5" pipe']]],
  [
    '"a;b",c\n"",1\n',
    [
      ["a;b", "c"],
      ["", "1"],
    ],
  ],
  [
    "a;b,c;d\n1;2;3\n",
    [
      ["a", "b,c", "d"],
      ["1", "2", "3"],
    ],
  ],
  [
    "a\tb\n1\t2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
])("%j is read as a spreadsheet reads it", (text, cells) => {
  expect(read(text)).toEqual(cells)
})

test("rows are counted as a spreadsheet counts them, empty ones and line breaks in cells included", () => {
  const records = importCsv(new TextEncoder().encode('a,b\n\n"two\nlines",1\n,\nx,2\n'))
  expect(records.map(({ row }) => row)).toEqual([1, 3, 5])
})

test.each(['a\n"x', 'a\n"x"y\n', 'a\n"x" \n', 'a\n1\n"'])(
  "%j has a quotation mark out of place, and the row is told",
  (text) => {
    expect(() => read(text)).toThrow(/^Row [23] has a quotation mark/)
  },
)

test("what csvLine writes is read back as it was, formulas included", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc
      .array(fc.constantFrom('"', ",", ";", "\n", "\t", "'", "=", "+", "＝", "a", " "), { maxLength: 6 })
      .map((parts) => parts.join("")),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 }), (rows) => {
      const clean = rows.map((row) =>
        row.map((each) => each.replaceAll("\0", "").replaceAll("\r", "").replaceAll("\uFEFF", "").toWellFormed()),
      )
      const told = (cells: string[]) => cells.some((each) => each.trim() !== "")
      const text = `x,y,z\r\n${clean.map(csvLine).join("")}`
      const found = read(text)
        .slice(1)
        .map((cells) => cells.map(csvText))
      expect(found.filter(told)).toEqual(clean.filter(told))
    }),
    { numRuns: 2000, seed: 3 },
  )
})

test("a large file is read in time that grows with its size", () => {
  const start = performance.now()
  read(`email\n${'"a""b@example.com"\n'.repeat(20_000)}`)
  read(`email\n"${'""'.repeat(2_000_000)}"`)
  expect(performance.now() - start).toBeLessThan(2000)
})
