import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { defaultIds } from "./model/defaultGuild.ts"
import { useDiscord } from "./support/useDiscord.ts"

const { users, channels, roles } = defaultIds
const guild = "/guilds/100000000000000002"

const known = fc.constantFrom(
  ...Object.values(channels),
  ...Object.values(users),
  ...Object.values(roles),
  "1",
  "0",
  "-1",
  "x",
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.string({ maxLength: 120 }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    known,
    fc.array(tie("any"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      ...[
        "name",
        "type",
        "content",
        "embeds",
        "components",
        "custom_id",
        "flags",
        "nonce",
        "enforce_nonce",
        "id",
        "allow",
      ],
      ...[
        "deny",
        "permission_overwrites",
        "parent_id",
        "topic",
        "title",
        "fields",
        "options",
        "label",
        "style",
        "value",
      ],
      ...["attachments", "allowed_mentions", "parse", "message_reference", "message_id", "recipient_id", "data", "url"],
      ...["archived", "locked", "component", "accessory", "description", "required", "choices", "messages"],
    ),
    tie("any"),
    { maxKeys: 6 },
  ),
})).any

const routes = fc.constantFrom(
  ["POST", `${guild}/channels`],
  ["PATCH", `/channels/${channels.welcome}`],
  ["PUT", `/channels/${channels.welcome}/permissions/${users.ada}`],
  ["POST", `/channels/${channels.welcome}/messages`],
  ["POST", `/channels/${channels.welcome}/threads`],
  ["POST", `/channels/${channels.welcome}/messages/bulk-delete`],
  ["POST", "/users/@me/channels"],
  ["PUT", "/applications/100000000000000001/commands"],
  ["POST", "/webhooks/100000000000000001/token"],
  ["POST", "/interactions/1/token/callback"],
  ["GET", "/channels/nonsense/messages?limit=nothing&before=%00"],
  ["GET", `${guild}/members?limit=5&after=nobody`],
)

describe.each([
  ["with Discord's document", {}],
  ["without it", { openApiFile: "absent.json" }],
])("%s", (_, options) => {
  const stand = useDiscord(options)
  test("no request, however strange, is answered with an error of the stand-in", async () => {
    await fc.assert(
      fc.asyncProperty(
        routes,
        value,
        fc.string({ unit: "binary-ascii", maxLength: 20 }),
        async ([method = "", path = ""], body, reason) => {
          const answer = await stand.call(method, path, {
            ...(method !== "GET" && { body: body ?? null }),
            headers: { "x-audit-log-reason": `%${reason.replace(/[^ -~]/g, "%")}` },
          })
          expect([method, path, body, answer.status, answer.status < 500 ? "" : answer.body]).toEqual([
            method,
            path,
            body,
            expect.any(Number),
            "",
          ])
        },
      ),
      { numRuns: 300 },
    )
  })

  test("no answer to an interaction, however strange, does more than fail", async () => {
    const panel = { components: [{ type: 1, components: [{ type: 2, style: 1, label: "A", custom_id: "a" }] }] }
    const { id } = await stand.call("POST", `/channels/${channels.welcome}/messages`, { body: panel })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10 }), value, async (type, data) => {
        stand.app.answers(() => ({ type, data }))
        const use = { as: users.ada, channel: channels.welcome, message: id, customId: "a" }
        const pressed = await stand.discord.people
          .press(use)
          .catch((error: unknown) => ({ outcome: String(error), problem: "" }))
        // An answer that takes the button away is one of those that are taken.
        expect(pressed.outcome).toMatch(/^(answered|not valid|.*has no "a".*)$/)
        expect(pressed.problem ?? "").not.toMatch(/TypeError|SyntaxError|RangeError/)
      }),
      { numRuns: 150 },
    )
  })
})
