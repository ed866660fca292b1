import type { Child } from "hono/jsx"

export type ButtonKind = "primary" | "plain" | "danger"

/** Submits its form. `name` and `value` tell which of several buttons it was. */
export const Button = (props: {
  kind?: ButtonKind
  name?: string
  value?: string
  form?: string
  disabled?: boolean
  /** What it does, where its text alone does not say it. */
  label?: string
  children?: Child
}) => (
  <button
    type="submit"
    class={`button ${props.kind ?? "plain"}`}
    name={props.name}
    value={props.value}
    form={props.form}
    disabled={props.disabled}
    aria-label={props.label}
  >
    {props.children}
  </button>
)

export const LinkButton = (props: { href: string; kind?: ButtonKind; children?: Child }) => (
  <a class={`button ${props.kind ?? "plain"}`} href={props.href}>
    {props.children}
  </a>
)
