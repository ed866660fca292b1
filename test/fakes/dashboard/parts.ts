import { html } from "hono/html"

/** A button that does one thing, as a form of its own so that it works without script. */
export const button = (label: string, fields: Record<string, string>, kind = "") =>
  html`<form method="post" action="/_/act">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="${kind}">${label}</button></form>`

export const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : ""

export function money(amount: unknown, currency: unknown): string {
  return new Intl.NumberFormat("en", { style: "currency", currency: text(currency) || "eur" }).format(
    Number(amount) / 100,
  )
}

export const when = (seconds: number): string => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 16)
