import { existsSync, mkdirSync } from "node:fs"
import path from "node:path"
import chromium from "@sparticuz/chromium"
import { type Browser, type Page, chromium as playwright } from "playwright-core"

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) =>
  existsSync(file),
)

/** A Chrome or Chromium of the system where there is one, else the one inside the npm package. */
export async function startBrowser(): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ]
  return installed
    ? playwright.launch({ executablePath: installed, args })
    : playwright.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, ...args] })
}

const folder = path.join(import.meta.dirname, "../../.screenshots")

/** Leaves the page as it looks, wide and as a phone, light and dark, to be looked at by a person. */
export async function screenshots(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [size, width, height] of [
    ["wide", 1280, 900],
    ["phone", 390, 844],
  ] as const)
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ fullPage: true, path: path.join(folder, `${name}-${size}-${colorScheme}.png`) })
    }
}
