import type { Child } from "hono/jsx"

export type Tone = "neutral" | "good" | "warn" | "bad" | "info"

/** A short state. The word says it; the colour only helps. */
export const Badge = (props: { tone?: Tone; children?: Child }) => (
  <span class={`badge ${props.tone ?? "neutral"}`}>{props.children}</span>
)

/** A tag as staff wrote it, however long. */
export const Tag = ({ tag }: { tag: string }) => <span class="badge neutral tag">{tag}</span>
