export const transcriptStyle = `
:root { color-scheme: light dark; --bg: #f3f4f7; --card: #fff; --text: #1d2430; --soft: #566070; --line: #d9dde5; --mark: #fff3cf; --link: #1f49c4; --staff: #e9effe; }
@media (prefers-color-scheme: dark) { :root { --bg: #12151b; --card: #1d222b; --text: #e8ebf0; --soft: #a8b1c0; --line: #343c49; --mark: #453a17; --link: #9db4ff; --staff: #212c46; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 16px; background: var(--bg); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 820px; margin: 0 auto 16px; }
h1 { font-size: 22px; line-height: 1.3; margin: 8px 0; overflow-wrap: anywhere; }
a { color: var(--link); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 12px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; min-width: 0; }
nav a { margin-right: 16px; }
form { margin: 12px 0; display: flex; gap: 8px 16px; flex-wrap: wrap; align-items: center; }
fieldset { border: 1px solid var(--line); border-radius: 6px; padding: 6px 10px; margin: 0; }
fieldset label { margin-right: 10px; }
form > label:has(textarea) { display: flex; gap: 8px; align-items: center; flex: 1 1 280px; }
textarea { flex: 1; }
input, textarea, button { font: inherit; padding: 6px 10px; border: 1px solid var(--soft); border-radius: 6px; background: var(--card); color: var(--text); min-width: 0; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; margin: 0 0 8px; }
article.staff { background: var(--staff); } article.internal { background: var(--mark); }
.about { color: var(--soft); font-size: 14px; } .about b { color: var(--text); font-size: 16px; }
.said, .embed p, .old { white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; }
.said .heading { font-size: 18px; }
blockquote { margin: 4px 0; padding-left: 10px; border-left: 3px solid var(--line); color: var(--soft); white-space: pre-wrap; }
pre { overflow-x: auto; background: var(--bg); padding: 8px; border-radius: 6px; margin: 4px 0; }
code { font-family: ui-monospace, monospace; font-size: 14px; }
.embed { border-left: 4px solid var(--line); padding: 4px 12px; margin: 6px 0; }
.host, .soft { color: var(--soft); }
.spoiler, .mention { background: var(--line); border-radius: 3px; padding: 0 3px; }
.event { text-align: center; color: var(--soft); font-size: 14px; margin: 10px 0; overflow-wrap: anywhere; }
ul { margin: 4px 0; padding-left: 20px; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
@media (max-width: 480px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; } }
@media print { article { break-inside: avoid; } nav, form { display: none; } }
`
