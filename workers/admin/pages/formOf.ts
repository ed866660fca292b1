import type { AdminRequest } from "../adminApp.ts"

/** A form whose fields may come several times. */
export async function formOf(c: AdminRequest): Promise<{ one(name: string): string; all(name: string): string[] }> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => [body[name]].flat().filter((value) => typeof value === "string")
  return { all, one: (name) => all(name)[0]?.trim() ?? "" }
}

/** A name as an id: `Pays again!` is `pays-again`. */
export const idFromName = (name: string): string =>
  name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
