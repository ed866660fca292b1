import { settingSchemas } from "../../settings/settings.ts"
import { sampleVariables } from "../sampleVariables.ts"

/** Every variable that a template may name, as it is written. */
export function variableNames(): string[] {
  const { full } = sampleVariables(settingSchemas.brand.parse(undefined))
  return Object.entries(full).flatMap(([group, fields]) =>
    Object.keys(fields).map((field) => (field === "metadata" ? `${group}.metadata.…` : `${group}.${field}`)),
  )
}
