import type { Delay, Step } from "../../../../shared/automation/sequenceSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import type { Form } from "./readTree.ts"

/** A mail of a sequence as texts of a form. */
export interface StepRow {
  template: string
  amount: string
  /** minutes, hours or days after the change; `at` is a time of day, `amount` days later. */
  unit: string
  time: string
}

export const blankStep: StepRow = { template: "", amount: "0", unit: "days", time: "09:00" }

export const stepRow = ({ template, delay }: Step): StepRow => ({ template, ...delayRow(delay) })

function delayRow(delay: Delay): Omit<StepRow, "template"> {
  if ("at" in delay) return { amount: String(delay.days), unit: "at", time: delay.at }
  const minutes = delay.after
  const [unit, size] =
    minutes % 1440 === 0 && minutes > 0
      ? ["days", 1440]
      : minutes % 60 === 0 && minutes > 0
        ? ["hours", 60]
        : ["minutes", 1]
  return { amount: String(minutes / Number(size)), unit: String(unit), time: "09:00" }
}

export function readSteps(form: Form): StepRow[] {
  const [amounts, units, times] = ["amount", "unit", "time"].map((name) => form.all(name))
  return form.all("template").map((template, index) => ({
    template,
    amount: amounts?.[index] ?? "0",
    unit: units?.[index] ?? "minutes",
    time: times?.[index] ?? "09:00",
  }))
}

const inMinutes = new Map([
  ["minutes", 1],
  ["hours", 60],
  ["days", 1440],
])
const mostDays = 400

/** Rows without a mail are left out. Throws `bad_request` with what does not fit. */
export const stepsOf = (rows: StepRow[]): Step[] =>
  rows.flatMap((row, index) =>
    row.template === "" ? [] : [{ template: row.template, delay: delayOf(row, `Mail ${index + 1}`) }],
  )

function delayOf({ amount, unit, time }: StepRow, name: string): Delay {
  const text = amount.trim()
  const count = text === "" ? 0 : Number(text)
  const days = unit === "at" ? count : (count * (inMinutes.get(unit) ?? Number.NaN)) / 1440
  if (!/^\d{0,6}$/.test(text) || !(days <= mostDays))
    throw new AppError(
      "bad_request",
      `${name}: "${text}" ${unit} does not fit: a whole number, up to ${mostDays} days.`,
    )
  if (unit !== "at") return { after: count * (inMinutes.get(unit) ?? 1) }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    throw new AppError("bad_request", `${name}: "${time}" is no time of day, as 09:00.`)
  return { at: time, days: count }
}
