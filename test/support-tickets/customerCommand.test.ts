import { expect, test } from "vitest"
import { useDatabase } from "../support/useDatabase.ts"
import { useCommands } from "./commands/useCommands.ts"

const commands = useCommands(useDatabase())
const { users, channels } = commands.ids
const lookUp = (who: string) => commands.run(users.sam, channels.support, "customer", { who })

test.each(["-".repeat(36), "0".repeat(36), "ffffffff-ffff-ffff-ffff-ffffffffffff-", "' or true --"])(
  "%s is no customer, and not asked for as one",
  async (who) => {
    await commands.customer({ name: "Ada Customer" })
    expect(await lookUp(who)).toContain("Nobody is found by")
  },
)

test("a customer's own id finds them, in capitals too", async () => {
  const id = await commands.customer({ name: "Ada Customer" })
  expect(await lookUp(id)).toContain("Ada Customer")
  expect(await lookUp(id.toUpperCase())).toContain("Ada Customer")
})

test("fewer than three letters find nobody, rather than anybody", async () => {
  await commands.customer({ name: "Ada Customer" })
  expect(await lookUp("ad")).toContain("Nobody is found by")
})
