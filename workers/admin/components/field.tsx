import type { Child } from "hono/jsx"

/** A labelled control, with a hint and what is wrong with its value. The control's id is `name` unless told. */
export const Field = (props: {
  label: string
  name: string
  id?: string
  hint?: Child
  error?: string
  children?: Child
}) => {
  const id = props.id ?? props.name
  return (
    <div class={props.error ? "field wrong" : "field"}>
      <label for={id}>{props.label}</label>
      {props.children}
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p class="error" id={`${id}-error`}>
          {props.error}
        </p>
      )}
    </div>
  )
}

interface ControlProps {
  name: string
  id?: string
  value?: string
  required?: boolean
  placeholder?: string
  /** Id of the text that says what is wrong. */
  error?: string
  /** Where the writer goes on. */
  focused?: boolean
}

const described = ({ name, id, error }: ControlProps) =>
  error ? { "aria-invalid": "true" as const, "aria-describedby": `${id ?? name}-error` } : {}

export const TextInput = (
  props: ControlProps & { type?: "text" | "email" | "search" | "number" | "date" | "time" | "url"; maxLength?: number },
) => (
  <input
    id={props.id ?? props.name}
    name={props.name}
    type={props.type ?? "text"}
    value={props.value ?? ""}
    required={props.required}
    placeholder={props.placeholder}
    maxlength={props.maxLength}
    autocomplete="off"
    autofocus={props.focused}
    {...described(props)}
  />
)

export const TextArea = (props: ControlProps & { rows?: number; code?: boolean }) => (
  <textarea
    id={props.id ?? props.name}
    name={props.name}
    rows={props.rows ?? 4}
    class={props.code ? "code" : undefined}
    required={props.required}
    placeholder={props.placeholder}
    spellcheck={props.code ? false : undefined}
    {...described(props)}
  >
    {props.value ?? ""}
  </textarea>
)

export const Select = (
  props: ControlProps & { options: { value: string; label: string; group?: string }[]; empty?: string },
) => (
  <select
    id={props.id ?? props.name}
    name={props.name}
    required={props.required}
    autofocus={props.focused}
    {...described(props)}
  >
    {props.empty !== undefined && <option value="">{props.empty}</option>}
    {props.options.map(({ value, label }) => (
      <option value={value} selected={value === props.value}>
        {label}
      </option>
    ))}
  </select>
)

export const Checkbox = (props: { name: string; label: string; value?: string; checked?: boolean; id?: string }) => (
  <label class="check">
    <input type="checkbox" id={props.id} name={props.name} value={props.value ?? "yes"} checked={props.checked} />
    {props.label}
  </label>
)
