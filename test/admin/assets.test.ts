import { readdirSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"
import { assetNames } from "../../workers/admin/assetVersions.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { workers } = useAdmin(useDatabase())
const get = (address: string, headers: Record<string, string> = {}) =>
  workers.fetch("admin", address, { headers, redirect: "manual" })

async function addressesOnAPage(): Promise<string[]> {
  const html = await (await get("/sign-in")).text()
  return [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, address]) => address ?? "")
}

test("what a page names is there, of its type, and kept for good under an address with its version", async () => {
  const addresses = await addressesOnAPage()
  expect(addresses.map((address) => path.basename(address))).toEqual(["styles.css", "htmx.min.js", "admin.client.js"])
  const versions = new Set(addresses.map((address) => address.split("/")[2]))
  expect(versions.size).toBe(addresses.length)
  for (const address of addresses) {
    expect(address).toMatch(/^\/assets\/[0-9a-f]{16,}\//)
    const { status, headers } = await get(address)
    expect(status).toBe(200)
    expect(headers.get("content-type")).toBe(
      address.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
    )
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin")
    expect(headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(headers.get("strict-transport-security")).toContain("max-age=63072000")
  }
})

test("a page of another release gets the file there is, and asks again the next time", async () => {
  const of = await addressesOnAPage()
  for (const address of of) {
    const older = address.replace(/^\/assets\/[^/]+/, "/assets/0123456789abcdef0123456789abcdef")
    const answer = await get(older)
    expect(answer.status).toBe(200)
    expect(answer.headers.get("cache-control")).toBe("public, no-cache")
    expect(await answer.text()).toBe(await (await get(address)).text())
    const etag = answer.headers.get("etag") ?? ""
    const again = await get(older, { "if-none-match": etag })
    expect(again.status).toBe(304)
    expect(again.headers.get("cache-control")).toBe("public, no-cache")
  }
})

test("nothing but the files that pages use can be had", async () => {
  const folder = path.join(import.meta.dirname, "../../workers/admin/assets")
  expect(readdirSync(folder).sort()).toEqual([...assetNames].sort())
  for (const address of ["/assets/1/nothing.js", "/assets/1/", "/assets/1/..%2fstyles.css", "/assets/1/styles.css/"])
    expect((await get(address)).status, address).not.toBe(200)
  // Without their prefix they are pages, which take signing in.
  for (const name of assetNames) expect((await get(`/${name}`)).headers.get("location")).toMatch(/^\/sign-in/)
})
