import type { Child } from "hono/jsx"

export type ButtonKind = "primary" | "plain" | "danger"

/** Submits its form. `name` and `value` tell which of several buttons it was. */
export const Button = (props: {
  kind?: ButtonKind
  name?: string
  value?: string
  form?: string
  disabled?: boolean
  children?: Child
}) => (
  <button
    type="submit"
    class={`button ${props.kind ?? "plain"}`}
    name={props.name}
    value={props.value}
    form={props.form}
    disabled={props.disabled}
  >
    {props.children}
  </button>
)

export const LinkButton = (props: { href: string; kind?: ButtonKind; children?: Child }) => (
  <a class={`button ${props.kind ?? "plain"}`} href={props.href}>
    {props.children}
  </a>
)
