import { html } from "hono/html"

const style = `
:root { color-scheme: light dark; --bg: #f3f4f7; --card: #fff; --text: #1d2430; --soft: #5d6675; --line: #d9dde5; --button: #2a55d4; --ring: #2a55d4; }
@media (prefers-color-scheme: dark) { :root { --bg: #12151b; --card: #1d222b; --text: #e8ebf0; --soft: #a2abba; --line: #343c49; --button: #3d66dd; --ring: #8eaaff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--bg); color: var(--text); font: 17px/1.55 system-ui, sans-serif; }
main { width: 100%; max-width: 480px; background: var(--card); border: 1px solid var(--line); padding: 28px 32px; border-radius: 14px; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 12px; }
p { margin: 0 0 18px; overflow-wrap: anywhere; }
.address { color: var(--soft); }
a { color: var(--ring); }
button { font: inherit; font-weight: 600; padding: 11px 20px; border-radius: 8px; border: 0; background: var(--button); color: #fff; cursor: pointer; }
button.second { background: transparent; color: var(--text); border: 1px solid var(--soft); }
button:hover { filter: brightness(1.1); }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 3px; }
form { margin: 0; }
.rating label { display: block; padding: 4px 0; }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 16px; padding: 8px 14px; }
textarea { font: inherit; width: 100%; margin: 4px 0 14px; padding: 8px; border: 1px solid var(--soft); border-radius: 8px; background: var(--card); color: var(--text); }`

/** A small page for the public, without script. `body` is escaped where it was made. */
export const portalPage = (title: string, body: ReturnType<typeof html>) => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`
