export interface SchemaError {
  issues: { path: PropertyKey[]; message: string }[]
}

export type Parsed<Out> = { success: true; data: Out } | { success: false; error: SchemaError }

/** What a schema found wrong, a line each: `actions.0.sequence: Invalid input`. */
export const problemsOf = (error: SchemaError): string[] =>
  error.issues.map(({ path, message }) => `${path.map(String).join(".") || "value"}: ${message}`)
