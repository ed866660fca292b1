import { bodyLimit } from "hono/body-limit"
import { AppError } from "../../../shared/errors.ts"

/** Refuses forms of more bytes than that with `too_large` and these words, keeping nothing of them. */
export const formLimit = (maxSize: number, words: string) =>
  bodyLimit({
    maxSize,
    async onError(c) {
      const { body } = c.req.raw
      // A browser that is not done sending when the connection ends shows an error of its own, not ours.
      if (body && !body.locked) await body.pipeTo(new WritableStream()).catch(() => {})
      throw new AppError("too_large", words)
    },
  })
