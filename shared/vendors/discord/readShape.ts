import { AppError } from "../../errors.ts"

/** By its ids: the rest of an answer is as Discord documents it. */
const holds = <Shape extends object>(value: unknown, ids: (keyof Shape & string)[]): value is Shape =>
  typeof value === "object" && value !== null && ids.every((id) => typeof Reflect.get(value, id) === "string")

const unreadable = (ids: string[]) =>
  new AppError("vendor_unavailable", `Discord's answer cannot be read: no ${ids.join(", ") || "object"} in it.`, {
    details: { maybeDone: true },
  })

export function objectOf<Shape extends object>(answer: unknown, ...ids: (keyof Shape & string)[]): Shape {
  if (!holds<Shape>(answer, ids)) throw unreadable(ids)
  return answer
}

export function listOf<Shape extends object>(answer: unknown, ...ids: (keyof Shape & string)[]): Shape[] {
  if (!Array.isArray(answer)) throw unreadable(ids)
  return answer.map((item: unknown) => objectOf<Shape>(item, ...ids))
}
