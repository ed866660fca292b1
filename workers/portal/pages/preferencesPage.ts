import { html } from "hono/html"

const style = `
:root { color-scheme: light dark; --bg: #f4f5f8; --card: #fff; --text: #1b2230; --soft: #5d6675; --accent: #2a55d4; }
@media (prefers-color-scheme: dark) { :root { --bg: #12151b; --card: #1b2029; --text: #e7eaf0; --soft: #a2abba; --accent: #8eaaff; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--bg); color: var(--text); font: 17px/1.55 system-ui, sans-serif; }
main { background: var(--card); padding: 28px 32px; border-radius: 12px; max-width: 460px; margin: 16px; }
h1 { font-size: 21px; margin: 0 0 10px; } p { margin: 0 0 16px; overflow-wrap: anywhere; } small { color: var(--soft); }
button { font: inherit; padding: 10px 18px; border-radius: 8px; border: 0; background: #2a55d4; color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }`

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`

/** What the address gets, and the button that changes it. A GET changes nothing: link scanners follow every link. */
export const preferencesPage = (input: { email: string; unsubscribed: boolean; action: string }) =>
  input.unsubscribed
    ? page(
        "You are unsubscribed",
        html`<p>${input.email} gets no tips or offers from us. Messages about your subscription, such as a failed payment, still come.</p>
<form method="post" action="${input.action}"><input type="hidden" name="want" value="yes"><button>Subscribe again</button></form>`,
      )
    : page(
        "Unsubscribe?",
        html`<p>${input.email} will get no more tips or offers from us. Messages about your subscription, such as a failed payment, still come.</p>
<form method="post" action="${input.action}"><input type="hidden" name="want" value="no"><button>Unsubscribe</button></form>`,
      )

export const brokenLinkPage = () =>
  page(
    "This link does not work",
    html`<p>It may have been cut off by your mail program. Please copy the whole link from the mail.</p>`,
  )
