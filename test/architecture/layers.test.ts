import { readdirSync, readFileSync, statSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"

const root = path.join(import.meta.dirname, "../..")

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const place = path.join(folder, name)
    if (statSync(path.join(root, place)).isDirectory()) return sources(place)
    return /\.tsx?$/.test(name) ? [place] : []
  })
}

interface Import {
  file: string
  /** Path from the root for a file of ours, else the package. */
  target: string
}

const imports: Import[] = ["shared", "workers"].flatMap(sources).flatMap((file) => {
  const text = readFileSync(path.join(root, file), "utf8")
  return [...text.matchAll(/^(?:import|export)[^"']*?from ["']([^"']+)["']|^import ["']([^"']+)["']/gms)].map(
    (match) => {
      const named = match[1] ?? match[2] ?? ""
      return { file, target: named.startsWith(".") ? path.join(path.dirname(file), named) : named }
    },
  )
})

const broken = (rule: (each: Import) => boolean) =>
  imports.filter((each) => !rule(each)).map(({ file, target }) => `${file} imports ${target}`)
const workerOf = (file: string) => file.split("/")[1]

// docs/architecture.md, "Who may import whom".
test("a Worker imports shared code and itself, never another Worker", () => {
  expect(imports.length).toBeGreaterThan(100)
  expect(
    broken(
      ({ file, target }) =>
        !file.startsWith("workers/") || !target.startsWith("workers/") || workerOf(file) === workerOf(target),
    ),
  ).toEqual([])
})

test("shared code imports neither a Worker nor what routes and renders", () => {
  expect(
    broken(({ file, target }) => !file.startsWith("shared/") || !/^(workers\/|hono|itty-router)/.test(target)),
  ).toEqual([])
})

test("only shared/vendors imports a vendor's SDK", () => {
  expect(
    broken(
      ({ file, target }) =>
        file.startsWith("shared/vendors/") ||
        !/^(stripe|resend|standardwebhooks|discord-interactions)(\/|$)/.test(target),
    ),
  ).toEqual([])
})

test("only shared/db opens a database", () => {
  expect(
    broken(
      ({ file, target }) => file.startsWith("shared/db/") || !/^(@neondatabase|pg$|drizzle-orm\/neon)/.test(target),
    ),
  ).toEqual([])
})

test("Workers hold no SQL: it lives beside its domain", () => {
  expect(broken(({ file, target }) => !file.startsWith("workers/") || !target.startsWith("drizzle-orm"))).toEqual([])
})
