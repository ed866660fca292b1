import { z } from "zod"
import type { FileUpload } from "../cdn.ts"
import type { Files } from "./play.ts"

const file = z
  .object({
    name: z.string().min(1),
    contentType: z.string().default("application/octet-stream"),
    text: z.string().optional(),
    base64: z.string().optional(),
  })
  .transform(
    ({ name, contentType, text, base64 }): FileUpload => ({
      name,
      contentType,
      bytes: base64 === undefined ? new TextEncoder().encode(text ?? "") : Buffer.from(base64, "base64"),
    }),
  )
const withFiles = z.looseObject({
  files: z
    .union([z.array(file).transform((files): Files => ({ files })), z.record(z.string(), z.array(file))])
    .default({}),
})

/** An action with its files, as `{name, contentType, text | base64}` by field, or in a list. */
export function readJson(body: unknown): { action: unknown; files: Files } {
  const { files, ...action } = withFiles.parse(body)
  return { action, files }
}

/**
 * An action as a form sends it: `value:<custom id>` and `option:<name>` become the values of a modal and the options of a
 * command, `file:<field>` its files. Fields left empty are left out, but for those of a modal.
 */
export async function readForm(form: FormData): Promise<{ action: unknown; files: Files }> {
  const action: Record<string, unknown> = {}
  const values: Record<string, string | string[] | boolean> = {}
  const options: Record<string, string> = {}
  const files: Files = {}
  for (const name of new Set(form.keys())) {
    const all = form.getAll(name)
    const texts = all.filter((each) => typeof each === "string")
    const [kind = "", ...rest] = name.split(":")
    const field = rest.join(":")
    const [first = ""] = texts
    if (kind === "file")
      files[field] = await Promise.all(all.filter((each) => each instanceof File && each.size > 0).map(upload))
    else if (kind === "value") values[field] = first
    else if (kind === "many") values[field] = texts.filter(Boolean)
    else if (kind === "check") values[field] = texts.includes("on")
    else if (kind === "option") {
      if (first) options[field] = first
    } else if (name === "values") action.values = texts.filter(Boolean)
    else if (first.startsWith("autocomplete:"))
      Object.assign(action, { action: "autocomplete", focused: first.slice(13) })
    else if (first !== "") action[name] = first
  }
  return {
    action: {
      ...action,
      ...(action.action === "submitModal" ? { values } : {}),
      ...(Object.keys(options).length > 0 && { options }),
    },
    files,
  }
}

async function upload(file: File | string): Promise<FileUpload> {
  if (typeof file === "string") throw new Error("A file was expected.")
  return { name: file.name, contentType: file.type, bytes: new Uint8Array(await file.arrayBuffer()) }
}
