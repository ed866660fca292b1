import * as z from "zod/mini"
import { unknownVariables } from "./cannedText.ts"

const line = (most: number) =>
  z
    .string()
    .check(
      z.trim(),
      z.minLength(1, "Must not be empty."),
      z.maxLength(most),
      z.regex(/^\P{Cc}*$/u, "Must be one line."),
    )

/** A canned reply as staff write it. */
export const cannedReply = z.strictObject({
  id: z.string().check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
    z.refine((id) => id !== "new", "Is taken by the form for a new one."),
  ),
  name: line(80),
  content: z.string().check(
    z.trim(),
    z.minLength(1, "Must not be empty."),
    z.maxLength(4000),
    z.refine((content) => unknownVariables(content).length === 0, {
      error: ({ input }) => `There is no ${unknownVariables(String(input)).join(", ")}.`,
    }),
  ),
  categoryId: z.nullable(z.string().check(z.maxLength(40))),
  keywords: z.array(line(60)).check(z.maxLength(100)),
  /** Offered to openers, too, where their text has a keyword. */
  suggested: z.boolean(),
})
export type CannedReply = z.infer<typeof cannedReply>
