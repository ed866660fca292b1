import { AppError } from "../../errors.ts"
import { trialLimits } from "./readTrials.ts"

const patienceMilliseconds = 60_000

/**
 * The file of trials at an https address, with a bearer token. Throws `misconfigured` for another address or a refusal,
 * `vendor_unavailable` where nobody answers in time, `too_large` beyond what is read at once.
 */
export async function fetchTrials(input: { url: string; token: string }): Promise<Uint8Array> {
  const { token } = input
  const url = URL.parse(input.url)
  const isLocal = url?.protocol === "http:" && url.hostname === "127.0.0.1"
  if (url?.protocol !== "https:" && !isLocal)
    throw new AppError("misconfigured", "TRIALS_URL is no https address: a token and addresses of people go along.")
  let answer: Response
  try {
    answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      // Wherever it leads to, the token would go along.
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
  } catch (error) {
    throw new AppError("vendor_unavailable", `The server of the trials did not answer: ${String(error)}`, {
      cause: error,
    })
  }
  if (answer.status >= 500)
    throw new AppError("vendor_unavailable", `The server of the trials answered ${answer.status}.`)
  if (answer.status !== 200)
    throw new AppError(
      "misconfigured",
      `The server of the trials answered ${answer.status}. Check TRIALS_URL and TRIALS_TOKEN.`,
    )
  return readCapped(answer)
}

async function readCapped(answer: Response): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength
    if (size > trialLimits.bytes)
      throw new AppError("too_large", `The file of trials is larger than ${trialLimits.bytes / 1e6} MB.`)
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
