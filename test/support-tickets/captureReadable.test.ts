import type { APIMessage } from "discord-api-types/v10"
import { expect, test } from "vitest"
import { keptMessage } from "../../shared/support/capture/keptMessage.ts"
import { people, ScriptedDiscord } from "./scriptedDiscord.ts"

const discord = new ScriptedDiscord(() => new Date("2026-11-20T09:00:00Z"), 0)
const channel = discord.channel()
const kept = (message: object) => keptMessage(discord.say(channel, "", message), "opener")
const sticker = { id: "1", name: "Waving", format_type: 1 as const }
const file = (id: string) => ({ id, filename: `${id}.txt`, size: 3, url: "https://cdn.example/1", proxy_url: "" })

test.each<[string, object, string]>([
  ["a sticker", { sticker_items: [sticker] }, "(sticker: Waving)"],
  [
    "a poll",
    {
      poll: {
        question: { text: "When?" },
        answers: [
          { answer_id: 1, poll_media: { text: "Now" } },
          { answer_id: 2, poll_media: { emoji: { id: null, name: "🌙" } } },
        ],
      },
    },
    "(poll) When?\n- Now\n- 🌙",
  ],
  [
    "a forwarded message",
    {
      message_reference: { type: 1, channel_id: "1", message_id: "1" },
      message_snapshots: [
        { message: { content: "Line 1\n\nLine 2", sticker_items: [sticker], embeds: [], attachments: [] } },
      ],
    },
    "(forwarded)\n> Line 1\n> Line 2\n> (sticker: Waving)",
  ],
  ["a pinned message", { type: 6 }, "(pinned a message)"],
  ["an activity", { activity: { type: 1 } }, "(invitation to an activity)"],
  ["somebody added", { type: 1, mentions: [{ id: "1", username: "ada", global_name: "Ada" }] }, "(added Ada)"],
  ["a thread", { type: 18, content: "Staff: #0001" }, "(started a thread: Staff: #0001)"],
  ["a kind that is not known yet", { type: 199, content: "?" }, "(message of type 199) ?"],
  [
    "components",
    {
      components: [{ type: 17, components: [{ type: 9, components: [{ type: 10, content: "Deep" }] }, { type: 14 }] }],
    },
    "Deep",
  ],
])("%s is kept in words", (_, message, content) => {
  expect(kept(message)).toMatchObject({ content, blank: false })
})

test("an answer names what it answers, a forwarded message does not", () => {
  const reference = { channel_id: "1", message_id: "7" }
  expect(kept({ type: 19, content: "Yes", message_reference: { type: 0, ...reference } }).replyTo).toBe("7")
  expect(kept({ content: "Yes", message_reference: { type: 1, ...reference } }).replyTo).toBeNull()
})

test("files of a forwarded message are kept as well", () => {
  const snapshot = { message: { content: "", embeds: [{ title: "An embed" }], attachments: [file("2")] } }
  const { files, embeds } = kept({ attachments: [file("1")], message_snapshots: [snapshot] })
  expect(files.map(({ name }) => name)).toEqual(["1.txt", "2.txt"])
  expect(embeds).toEqual([{ title: "An embed" }])
})

test("who pins or adds somebody has not answered", () => {
  const pinned = discord.say(channel, "", { type: 6, by: people.staff })
  expect(keptMessage(pinned, "staff").authorKind).toBe("bot")
})

test.each([
  ["../../etc/passwd", "_.._etc_passwd"],
  ["\u202Efdp.exe", "fdp.exe"],
  ["a\u0000b\r\nc.txt", "abc.txt"],
  ['"><script>.html', "___script_.html"],
  ["...", "file"],
  ["", "file"],
  [`${"x".repeat(300)}.tar.gz`, `${"x".repeat(147)}.gz`],
  ["日本語 ファイル.png", "日本語 ファイル.png"],
])("a file called %j is kept as %j", (filename, name) => {
  const message: APIMessage = discord.say(channel, "", { attachments: [{ ...file("1"), filename }] })
  expect(keptMessage(message, "opener").files[0]?.name).toBe(name)
})
