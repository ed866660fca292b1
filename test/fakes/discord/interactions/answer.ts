import { z } from "zod"
import { component } from "../model/component.ts"
import { messageInput } from "../verbs/messageInput.ts"

const choice = z.object({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) })

/** What an application may answer an interaction with. */
export const answer = z.discriminatedUnion("type", [
  z.object({ type: z.literal(1) }),
  z.object({ type: z.literal(4), data: messageInput }),
  z.object({ type: z.literal(5), data: z.object({ flags: z.int().optional() }).nullish() }),
  z.object({ type: z.literal(6) }),
  z.object({ type: z.literal(7), data: messageInput.nullish() }),
  z.object({ type: z.literal(8), data: z.object({ choices: z.array(choice).max(25) }) }),
  z.object({
    type: z.literal(9),
    data: z.object({
      custom_id: z.string().min(1).max(100),
      title: z.string().min(1).max(45),
      components: z.array(component).min(1).max(5),
    }),
  }),
])
export type Answer = z.infer<typeof answer>
