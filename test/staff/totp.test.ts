import { expect, test } from "vitest"
import { newTotpSecret, totpAddress, totpStep } from "../../shared/staff/own/totp.ts"

/** "12345678901234567890" of RFC 6238, appendix B, in base 32. */
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

test.each([
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
  [20000000000, "353130"],
])("at second %i the code is the one that RFC 6238 gives", (second, code) => {
  const step = Math.floor(second / 30)
  const at = (steps: number) => new Date((second + steps * 30) * 1000)
  expect([-1, 0, 1].map((steps) => totpStep(secret, code, at(steps)))).toEqual([step, step, step])
  expect([-2, 2].map((steps) => totpStep(secret, code, at(steps)))).toEqual([null, null])
})

test("a new secret has 160 bits, and its address is what an authenticator app reads", () => {
  const fresh = newTotpSecret()
  expect(fresh).toMatch(/^[A-Z2-7]{32}$/)
  expect(newTotpSecret()).not.toBe(fresh)
  expect(totpAddress(fresh, "ada@staff.test")).toBe(
    `otpauth://totp/Ops%20HQ:ada%40staff.test?issuer=Ops%20HQ&secret=${fresh}&algorithm=SHA1&digits=6&period=30`,
  )
})
