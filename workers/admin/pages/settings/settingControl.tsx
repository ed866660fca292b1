import { Field, Select, TextArea, TextInput } from "../../components/field.tsx"
import type { SettingField, SettingForm } from "./settingForms.ts"

/** The control for a field of a setting, with what is wrong with it. */
export function SettingControl(props: { form: SettingForm; field: SettingField; value: unknown; error?: string }) {
  const { field, error } = props
  const id = `${props.form.name}-${field.key}`
  const value = textOf(props.value)
  const control = { name: field.key, id, value, error }
  return (
    <Field label={field.label} name={field.key} id={id} hint={field.hint} error={error}>
      {field.kind === "choice" ? (
        <Select {...control} options={field.choices ?? []} />
      ) : field.kind === "lines" ? (
        <TextArea {...control} rows={3} />
      ) : (
        <TextInput {...control} type={field.kind === "color" ? "text" : field.kind} />
      )}
    </Field>
  )
}

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.join("\n")
    : typeof value === "number"
      ? Number.isNaN(value)
        ? ""
        : String(value)
      : String(value ?? "")
