import { AppError } from "../../errors.ts"

const longest = 100

/** The custom id of a button, select or modal: the handler's name and what it is about, as `ticket.close:42`. */
export function customId(name: string, ...args: string[]): string {
  const id = [name, ...args].join(":")
  if (id.length > longest || [name, ...args].some((part) => part === "" || part.includes(":")))
    throw new AppError("bad_request", `"${id}" is no custom id: up to ${longest} characters, parts without a colon.`)
  return id
}

/** The other way round; also of ids that this code did not make. */
export function readCustomId(id: string): { name: string; args: string[] } {
  const [name = "", ...args] = id.split(":")
  return { name, args }
}
