/** A file to be sent along with a message. */
export interface DiscordFile {
  name: string
  data: Blob
  description?: string
}

/** The body of a request: JSON, or with files `multipart/form-data` that holds the JSON as a part. */
export function discordBody(call: { body?: object; files?: DiscordFile[] }): {
  body?: string | FormData
  contentType?: string
} {
  const { body, files = [] } = call
  if (files.length === 0)
    return body === undefined ? {} : { body: JSON.stringify(body), contentType: "application/json" }
  const form = new FormData()
  const attachments = files.map(({ name, description }, id) => ({ id: String(id), filename: name, description }))
  form.set("payload_json", JSON.stringify({ ...body, attachments }))
  for (const [index, { name, data }] of files.entries()) form.set(`files[${index}]`, data, name)
  return { body: form }
}
