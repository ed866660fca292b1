import * as z from "zod/mini"

const line = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most), z.regex(/^\P{Cc}*$/u))

/** A question of a category's form. Labels of Discord's forms have at most 45 characters. */
export const ticketQuestion = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  label: line(45),
  long: z.boolean(),
  required: z.boolean(),
})
export type TicketQuestion = z.infer<typeof ticketQuestion>

/** What the form was answered with, under the question as it stood then. */
export interface TicketAnswer {
  question: string
  answer: string
}

/** Discord's forms have five fields; a category is asked for, a description and a file, so two are the category's own. */
export const mostQuestions = 2

/** A category as staff write it. */
export const ticketCategory = z.strictObject({
  id: z.string().check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    z.refine((id) => id !== "new", "Is taken by the form for a new one."),
  ),
  name: line(80),
  description: z.string().check(z.trim(), z.maxLength(100)),
  position: z.int().check(z.minimum(0), z.maximum(1000)),
  enabled: z.boolean(),
  questions: z.array(ticketQuestion).check(z.maxLength(mostQuestions)),
  keywords: z.array(line(60)).check(z.maxLength(100)),
  roleId: z.string().check(z.regex(/^(\d{17,20})?$/)),
  parentId: z.string().check(z.regex(/^(\d{17,20})?$/)),
  firstResponseMinutes: z.int().check(z.minimum(1), z.maximum(100_000)),
  resolutionMinutes: z.int().check(z.minimum(1), z.maximum(1_000_000)),
})
export type TicketCategory = z.infer<typeof ticketCategory>
