export const discordStyles = `
.columns.chat { grid-template-columns: 250px minmax(0, 1fr) minmax(0, 420px); }
.chips { display: flex; flex-wrap: wrap; gap: 6px; } .chip { display: inline-flex; flex-wrap: wrap; gap: 0 6px; align-items: baseline; border: 1px solid var(--line); border-radius: 99px; padding: 3px 11px; text-decoration: none; color: var(--text); font-size: 13px; } .chip:hover { border-color: var(--accent); }
.chip[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--onaccent); } .chip[aria-current] small { color: inherit; }
#channels ul { list-style: none; margin: 0; padding: 0; } #channels li { display: flex; gap: 8px; justify-content: space-between; align-items: baseline; } #channels li.below { padding-left: 14px; }
#channels a { flex: 1; min-width: 0; padding: 4px 8px; border-radius: 7px; text-decoration: none; color: var(--text); overflow-wrap: anywhere; } #channels a:hover { background: var(--sunk); } #channels a[aria-current] { background: var(--sunk); font-weight: 600; }
#channels h3 { color: var(--soft); font-size: 13px; }
.log { list-style: none; margin: 0 0 12px; padding: 0; max-height: 62vh; overflow: auto; scrollbar-width: thin; border-block: 1px solid var(--line); } .log:empty { display: none; }
.message { padding: 9px 10px; display: grid; gap: 6px; min-width: 0; } .message > * { margin: 0; min-width: 0; } .message + .message { border-top: 1px solid var(--line); } .message.pinged { background: var(--warnbg); } .message.private { background: var(--sunk); }
.message.pinged .hint, .message.private .hint, .message.pinged time { color: var(--text); }
.byline { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: baseline; } .byline time { color: var(--soft); font-size: 13px; } .message .hint { margin: 0; } .quote { border-left: 3px solid var(--line); padding-left: 8px; }
.said { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.said pre { margin: 4px 0; } .mention { color: var(--accent); font-weight: 500; } .pinged .mention { color: var(--text); }
.panel { display: grid; gap: 8px; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 8px; padding: 10px 12px; background: var(--card); } .panel > * { margin: 0; min-width: 0; } .panel hr { width: 100%; border: 0; border-top: 1px solid var(--line); }
.section { display: flex; gap: 12px; justify-content: space-between; align-items: start; }
.file { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; overflow-wrap: anywhere; } .file img { max-width: 220px; max-height: 160px; border-radius: 8px; border: 1px solid var(--line); }
a.button { display: inline-block; font-size: 13px; line-height: 1.35; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 5px 11px; text-decoration: none; } a.button:hover { border-color: var(--accent); }
button:disabled { opacity: .55; cursor: default; } form[aria-busy="true"] button { opacity: .6; }
.doings > summary { font-size: 13px; color: var(--soft); cursor: pointer; width: max-content; } .doings[open] > summary { margin-bottom: 6px; } .pinged .doings > summary, .private .doings > summary { color: var(--text); }
.actions form.rewrite, form.rewrite { display: flex; gap: 6px; align-items: center; max-width: 100%; margin-top: 8px; } .doings form.rewrite { margin: 0; } .rewrite input { padding: 4px 8px; font-size: 13px; }
.compose { display: grid; gap: 8px; } textarea { font: inherit; font-size: 14px; color: var(--text); background: var(--sunk); border: 1px solid var(--line); border-radius: 7px; padding: 7px 9px; width: 100%; resize: vertical; } .compose input[type=file] { width: auto; flex: 1; font-size: 13px; } .compose .actions { justify-content: space-between; }
.modal { border: 2px solid var(--accent); border-radius: 12px; padding: 14px 16px; margin-bottom: 14px; display: grid; gap: 10px; } .modal h3 { margin: 0; font-size: 16px; } .modal form[id] { display: grid; gap: 12px; } .modal select[multiple] { min-height: 84px; }
fieldset { border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; margin: 0; display: grid; gap: 6px; min-width: 0; } legend { font-size: 13px; color: var(--soft); padding: 0 4px; display: grid; } .choice { display: flex; gap: 8px; align-items: center; color: var(--text); font-size: 14px; } .choice input { width: auto; } label > input[type=checkbox] { width: auto; justify-self: start; }
button.pressed { border-color: var(--good); color: var(--good); background: var(--goodbg); } button.pressed::before { content: "✓ "; }
#interactions .item > summary, #discord-requests .item > summary, #commands .item > summary { display: grid; grid-template-columns: 10px minmax(0, 1fr) auto; } #interactions .item > summary > .meta, #discord-requests .item > summary > .meta, #commands .item > summary > .meta { grid-column: 2 / -1; grid-row: 2; } #interactions .item > summary > .badge, #discord-requests .item > summary > .badge { grid-row: 1; grid-column: 3; }
#interactions > .actions { margin-bottom: 8px; } #interactions [data-list], #discord-requests [data-list] { max-height: 420px; overflow: auto; scrollbar-width: thin; } #interactions [data-list]:has(details[open]), #discord-requests [data-list]:has(details[open]) { max-height: 820px; }
@media (max-width: 1240px) { .columns.chat { grid-template-columns: 220px minmax(0, 1fr); } .columns.chat > div:last-child { grid-column: 1 / -1; } }
@media (max-width: 960px) { .columns.chat { grid-template-columns: minmax(0, 1fr); } .columns.chat > div:last-child { grid-column: auto; } .chip { padding: 7px 13px; } #channels a { padding: 8px; } .log { max-height: 70vh; } a.button { padding: 8px 12px; } .compose .actions { flex-wrap: wrap; } }
`
