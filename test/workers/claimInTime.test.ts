import { expect, test } from "vitest"
import { claimInTime } from "../../workers/discord/claimInTime.ts"

const failed = () => Promise.reject(new Error("The database is down."))

test("a recorded request is told from one whose first attempt may have been done all the same", async () => {
  expect(await claimInTime(Promise.resolve(true), failed)).toBe(true)
  expect(await claimInTime(Promise.resolve(false), failed)).toBe(false)
  expect(await claimInTime(failed(), async () => true)).toBe(true)
  expect(await claimInTime(failed(), async () => false)).toBe("perhaps")
})
