import type { AdminRequest } from "../adminApp.ts"

export interface ReadForm {
  one(name: string): string
  all(name: string): string[]
  files(name: string): { name: string; contentType: string; data: Blob }[]
}

/** A form whose fields may come several times. */
export async function formOf(c: AdminRequest): Promise<ReadForm> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => [body[name]].flat().filter((value) => typeof value === "string")
  return {
    all,
    one: (name) => all(name)[0]?.trim() ?? "",
    files: (name) =>
      [body[name]]
        .flat()
        .filter((value) => value instanceof File)
        // What a browser sends where nothing was chosen.
        .filter((file) => file.name !== "" || file.size > 0)
        .map((file) => ({ name: file.name, contentType: file.type, data: file })),
  }
}

/** The version that whoever sends a form saw; 0 of what is new, or no version. */
export const seenVersionOf = (value: string): number => (/^\d{1,9}$/.test(value) ? Number(value) : 0)

/** A name as an id: `Pays again!` is `pays-again`. */
export function idFromName(name: string): string {
  const id = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
  // The address of the form for a new one.
  return id === "new" ? "new-1" : id
}
