import type { MailVariables } from "./mailVariables.ts"

interface LayoutInput {
  body: string
  mailClass: "transactional" | "marketing"
  variables: MailVariables
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => escapes[char] ?? char)

/** What stands around every mail: header in the brand's colour, footer with the address and, for marketing, the way out. */
export function htmlLayout({ subject, body, mailClass, variables }: LayoutInput & { subject: string }): string {
  const { brand, links } = variables
  const color = /^#[0-9a-fA-F]{6}$/.test(brand.color) ? brand.color : "#2f5bd8"
  const wayOut =
    mailClass === "marketing"
      ? `<p><a href="${escapeHtml(links.unsubscribe)}">Unsubscribe</a> &middot; <a href="${escapeHtml(links.preferences)}">Preferences</a></p>`
      : ""
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
body { margin: 0; background: #f3f4f7; color: #1d2430; font: 16px/1.55 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
.card { max-width: 560px; margin: 0 auto; background: #ffffff; border-radius: 10px; overflow: hidden; }
.head { background: ${color}; color: #ffffff; padding: 18px 32px; font-weight: 600; }
.body { padding: 20px 32px 24px; }
.body a { color: ${color}; }
.body a.button { display: inline-block; background: ${color}; color: #ffffff; text-decoration: none; padding: 11px 20px; border-radius: 7px; font-weight: 600; }
.foot { max-width: 560px; margin: 0 auto; padding: 16px 32px; color: #667085; font-size: 13px; }
.foot a { color: #667085; }
@media (prefers-color-scheme: dark) {
  body { background: #14171d; color: #e6e9ef; }
  .card { background: #1e232c; }
  .body a { color: #9db7ff; }
  .body a.button { color: #ffffff; }
}
</style>
</head>
<body>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding: 24px 12px">
<div class="card"><div class="head">${escapeHtml(brand.name)}</div><div class="body">
${body}
</div></div>
<div class="foot"><p>${escapeHtml(brand.postalAddress)}</p>${wayOut}</div>
</td></tr></table>
</body>
</html>
`
}

export function textLayout({ body, mailClass, variables }: LayoutInput): string {
  const { brand, links } = variables
  const wayOut =
    mailClass === "marketing" ? `\nUnsubscribe: ${links.unsubscribe}\nPreferences: ${links.preferences}` : ""
  return `${body.trim()}\n\n--\n${brand.postalAddress}${wayOut}\n`
}
