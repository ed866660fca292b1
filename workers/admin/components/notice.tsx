import type { Child } from "hono/jsx"
import type { Tone } from "./badge.tsx"

/** Tells of what was done or went wrong. */
export const Notice = (props: { tone?: Tone; children?: Child }) => (
  <div class={`notice ${props.tone ?? "info"}`} role={props.tone === "bad" ? "alert" : "status"}>
    {props.children}
  </div>
)
