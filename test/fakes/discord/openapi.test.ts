import { readFileSync } from "node:fs"
import path from "node:path"
import { Ajv2020 } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { expect, test } from "vitest"
import { z } from "zod"
import { describeWithSharedMaterial } from "../../support/sharedMaterial.ts"
import { ajvProblems } from "./http/ajvProblems.ts"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const file = path.join(import.meta.dirname, "../../../../shared/specs/discord-openapi.json")
const operation = z.looseObject({
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional() }),
  ),
})
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.unknown(),
})

describeWithSharedMaterial("against Discord's OpenAPI document (needs ../shared)", () => {
  const stand = useDiscord()
  const { app, call } = stand
  const { users, channels, roles } = defaultIds
  const guild = "100000000000000002"
  const application = "100000000000000001"

  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  for (const format of ["snowflake", "nonce"]) ajv.addFormat(format, true)
  let spec: z.infer<typeof document> | undefined
  const read = () => {
    if (!spec) {
      spec = document.parse(JSON.parse(readFileSync(file, "utf8")))
      ajv.addSchema({ $id: "discord", components: spec.components })
    }
    return spec
  }
  /** What the document finds wrong with the answer to a request. */
  const problems = (method: string, template: string, status: number, body: unknown): unknown => {
    const { responses } = operation.parse(read().paths[template]?.[method.toLowerCase()])
    const answer = responses[String(status)]
    if (!answer) return `The document has no answer ${status} to ${method} ${template}.`
    const schema = answer.content?.["application/json"]?.schema
    if (!schema) return body === "" ? [] : "The document has no body."
    const validate = ajv.compile(
      z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"discord#/'))),
    )
    return validate(body)
      ? []
      : ajvProblems(validate.errors ?? []).map(({ path: at, message }) => `${at.join(".")}: ${message}`)
  }
  const expectValid = async (method: string, template: string, ids: Record<string, string>, body?: unknown) => {
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name)
    const answer = await call(method, filled, { body })
    expect([filled, answer.status < 300, problems(method, template, answer.status, answer.body)]).toEqual([
      filled,
      true,
      [],
    ])
    return answer
  }

  test("what is answered is as the document says", async () => {
    const all = { guild_id: guild, application_id: application, channel_id: channels.welcome, user_id: users.sam }
    await expectValid("GET", "/guilds/{guild_id}", all)
    await expectValid("GET", "/guilds/{guild_id}/roles", all)
    await expectValid("GET", "/guilds/{guild_id}/members/{user_id}", all)
    await expectValid("GET", "/guilds/{guild_id}/channels", all)
    await expectValid("GET", "/users/@me", all)
    await expectValid("GET", "/users/{user_id}", all)
    await expectValid("GET", "/applications/@me", all)
    await expectValid("PUT", "/applications/{application_id}/guilds/{guild_id}/commands", all, [
      { name: "ticket", description: "Work", options: [{ type: 3, name: "a", description: "b", autocomplete: true }] },
      { name: "Look up", type: 2 },
    ])
    await expectValid("GET", "/applications/{application_id}/guilds/{guild_id}/commands", all)
    await expectValid("PUT", "/applications/{application_id}/commands", all, [])
    const dm = await expectValid("POST", "/users/@me/channels", all, { recipient_id: users.ada })
    await expectValid("GET", "/channels/{channel_id}", { channel_id: dm.id })
  })

  test("channels, threads and their members are as the document says", async () => {
    const made = await expectValid(
      "POST",
      "/guilds/{guild_id}/channels",
      { guild_id: guild },
      {
        name: "ticket-1",
        type: 0,
        topic: "Ticket 1",
        parent_id: channels.tickets,
        permission_overwrites: [
          { id: roles.everyone, type: 0, deny: "1024", allow: "0" },
          { id: users.bot, type: 1, allow: "1024" },
        ],
      },
    )
    const ids = { channel_id: made.id, overwrite_id: users.ada }
    await expectValid("GET", "/channels/{channel_id}", ids)
    await expectValid("PATCH", "/channels/{channel_id}", ids, { name: "closed-1" })
    await expectValid("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", ids, {
      type: 1,
      allow: "1024",
      deny: "0",
    })
    await expectValid("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", ids)
    const thread = await expectValid("POST", "/channels/{channel_id}/threads", ids, { name: "Notes", type: 12 })
    const inThread = { channel_id: thread.id, user_id: users.ada, guild_id: guild }
    await expectValid("PUT", "/channels/{channel_id}/thread-members/{user_id}", inThread)
    await expectValid("GET", "/channels/{channel_id}/thread-members", inThread)
    await expectValid("GET", "/channels/{channel_id}/thread-members/{user_id}", inThread)
    await expectValid("GET", "/guilds/{guild_id}/threads/active", inThread)
    await expectValid("PATCH", "/channels/{channel_id}", inThread, { archived: true })
    await expectValid("GET", "/channels/{channel_id}/threads/archived/private", ids)
    await expectValid("DELETE", "/channels/{channel_id}", ids)
  })

  test("messages and answers to interactions are as the document says", async () => {
    const bytes = new TextEncoder().encode("log")
    const files = [{ name: "a.txt", contentType: "text/plain", bytes }]
    const { people } = stand.discord
    const said = people.say({ as: users.ada, channel: channels.welcome, content: "Hello", files })
    const ids = { channel_id: channels.welcome, message_id: said.id, webhook_id: application }
    const sent = await expectValid("POST", "/channels/{channel_id}/messages", ids, {
      content: "Menu",
      embeds: [{ title: "T", fields: [{ name: "a", value: "b" }] }],
      message_reference: { message_id: said.id },
      components: [{ type: 1, components: [{ type: 2, style: 1, label: "A", custom_id: "a" }] }],
    })
    await expectValid("POST", "/channels/{channel_id}/messages", ids, {
      flags: 1 << 15,
      components: [{ type: 17, components: [{ type: 10, content: "Text" }, { type: 14 }] }],
    })
    await expectValid("GET", "/channels/{channel_id}/messages/{message_id}", ids)
    await expectValid("GET", "/channels/{channel_id}/messages", ids)
    await expectValid("PUT", "/channels/{channel_id}/messages/pins/{message_id}", ids)
    await expectValid("GET", "/channels/{channel_id}/messages/pins", ids)
    await expectValid(
      "PATCH",
      "/channels/{channel_id}/messages/{message_id}",
      { ...ids, message_id: sent.id },
      { content: "B" },
    )
    app.answers(() => ({ type: 5, data: { flags: 64 } }))
    const { token } = await people.press({ as: users.ada, channel: channels.welcome, message: sent.id, customId: "a" })
    const hook = { ...ids, webhook_token: token }
    await expectValid("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", hook, { content: "Done" })
    await expectValid("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", hook)
    await expectValid("POST", "/webhooks/{webhook_id}/{webhook_token}", hook, { content: "More", flags: 64 })
    await expectValid("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", hook)
    await expectValid("DELETE", "/channels/{channel_id}/messages/{message_id}", ids)
  })

  test("what the document knows with another method only is refused as such", async () => {
    expect(await call("DELETE", "/users/@me")).toMatchObject({ status: 405 })
    expect(await call("GET", `/guilds/${guild}/emojis`)).toMatchObject({ status: 501 })
  })

  test("fields of a wrong type are refused by their name, also deep inside", async () => {
    const send = (body: object) => call("POST", `/channels/${channels.welcome}/messages`, { body })
    expect((await send({ content: 5 })).body).toMatchObject({ errors: { content: { _errors: [{}] } } })
    expect((await send({ embeds: [{ color: "red" }] })).body).toMatchObject({
      errors: { embeds: { 0: { color: { _errors: [{}] } } } },
    })
    const select = { type: 3, custom_id: "s", options: [{ label: "", value: "a" }] }
    expect((await send({ components: [{ type: 1, components: [select] }] })).body).toMatchObject({
      errors: {
        components: {
          0: { components: { 0: { options: { 0: { label: { _errors: [{ code: "BASE_TYPE_BAD_LENGTH" }] } } } } } },
        },
      },
    })
  })
})
