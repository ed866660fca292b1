import type { MailVariables } from "./mailVariables.ts"

interface LayoutInput {
  body: string
  mailClass: "transactional" | "marketing"
  variables: MailVariables
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => escapes[char] ?? char)

const fallbackColor = "#2f5bd8"
const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/** Black or white, whichever reads better on the colour (WCAG relative luminance). */
export function readableOn(color: string): "#ffffff" | "#111827" {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.35 ? "#111827" : "#ffffff"
}

/**
 * What stands around every mail: header in the brand's colour, footer with the address and, for marketing, the way out.
 * Tables and inline styles, because Outlook and Gmail's apps drop the rest; the style sheet adds narrow and dark screens.
 */
export function htmlLayout(input: LayoutInput & { subject: string; preview: string }): string {
  const { subject, body, preview, variables } = input
  const { brand } = variables
  const color = /^#[0-9a-fA-F]{6}$/.test(brand.color) ? brand.color : fallbackColor
  const ink = readableOn(color)
  const button = `class="button" style="display:inline-block;background:${color};color:${ink};padding:12px 22px;border-radius:8px;font-weight:600;text-decoration:none"`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
:root { color-scheme: light dark; }
.body p { margin: 0 0 16px; }
.body a { color: ${color}; }
@media (max-width: 600px) { .page { padding: 0 !important; } .card { border-radius: 0 !important; } .pad { padding-left: 20px !important; padding-right: 20px !important; } }
@media (prefers-color-scheme: dark) {
  body, .page { background: #12151b !important; }
  .card { background: #1d222b !important; }
  .body, .body p { color: #e8ebf0 !important; }
  .body a:not(.button) { color: #9db7ff !important; }
  .foot, .foot a { color: #9aa4b4 !important; }
}
</style>
</head>
<body style="margin:0;padding:0;background:#f3f4f7">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(previewOf(preview))}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="page" align="center" style="background:#f3f4f7;padding:24px 12px">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background:#ffffff;border-radius:12px;overflow:hidden">
<tr><td class="pad" style="background:${color};color:${ink};padding:18px 32px;${font};font-size:17px;font-weight:600">${escapeHtml(brand.name)}</td></tr>
<tr><td class="body pad" style="padding:28px 32px 14px;color:#1d2430;${font};font-size:16px;line-height:1.55">
${body.replaceAll('class="button"', button)}
</td></tr>
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="foot pad" style="padding:18px 32px;color:#667085;${font};font-size:13px;line-height:1.5">${footer(input)}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`
}

function footer({ mailClass, variables: { brand, links } }: LayoutInput): string {
  const address = escapeHtml(brand.postalAddress)
  if (mailClass === "transactional") return `${address}<br>You get this mail because it concerns your account.`
  const link = (href: string, label: string) => `<a href="${escapeHtml(href)}" style="color:#667085">${label}</a>`
  return `${address}<br>${link(links.unsubscribe, "Unsubscribe")} &middot; ${link(links.preferences, "E-mail preferences")}`
}

/** What an inbox shows beside the subject: the first paragraph after the greeting. */
function previewOf(text: string): string {
  const [first = "", second] = text.trim().split(/\n\s*\n/)
  return (second ?? first).replace(/\s+/g, " ").slice(0, 110)
}

export function textLayout({ body, mailClass, variables }: LayoutInput): string {
  const { brand, links } = variables
  const wayOut =
    mailClass === "marketing" ? `\nUnsubscribe: ${links.unsubscribe}\nE-mail preferences: ${links.preferences}` : ""
  return `${body.trim()}\n\n-- \n${brand.postalAddress}${wayOut}\n`
}
