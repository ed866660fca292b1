import type { z } from "zod"
import type { FieldProblem } from "../discordError.ts"

const codes: Partial<Record<z.core.$ZodIssue["code"], string>> = {
  too_big: "BASE_TYPE_BAD_LENGTH",
  too_small: "BASE_TYPE_BAD_LENGTH",
  invalid_type: "BASE_TYPE_INVALID",
  invalid_value: "BASE_TYPE_CHOICES",
  invalid_union: "UNION_TYPE_CHOICES",
}

export const zodProblems = (error: z.ZodError): FieldProblem[] =>
  error.issues.map(({ path, code, message }) => ({
    path: path.filter((part) => typeof part !== "symbol"),
    code: codes[code] ?? "BASE_TYPE_INVALID",
    message,
  }))
