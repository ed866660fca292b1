import { discordStyles } from "./discord/discordStyles.ts"

const common = `
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --sunk: #f1f3f6; --line: #dde1e8; --text: #19202c; --soft: #5b6474; --accent: #2f5bd3; --onaccent: #fff; --good: #157347; --goodbg: #e3f4ea; --bad: #b3261e; --badbg: #fbe9e7; --warn: #8a5a00; --warnbg: #fdf1d8; }
@media (prefers-color-scheme: dark) { :root { --page: #101319; --card: #191d25; --sunk: #12161d; --line: #2e3542; --text: #e6e9ef; --soft: #9aa4b5; --accent: #86a5ff; --onaccent: #0d1426; --good: #74d39f; --goodbg: #15301f; --bad: #ff9d94; --badbg: #3a1b19; --warn: #f0c36d; --warnbg: #35290f; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 12px; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
a { color: var(--accent); }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .88em; }
code { color: var(--soft); overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 12px; top: 12px; z-index: 2; background: var(--card); padding: 8px; }
.top { display: grid; grid-template-columns: auto 1fr; gap: 6px 28px; align-items: center; padding: 12px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
h1 { font-size: 17px; margin: 0; letter-spacing: -.01em; } h1 span { font-weight: 400; color: var(--soft); }
.top nav { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; } .jump { display: none !important; }
.clock { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; justify-content: flex-end; font-variant-numeric: tabular-nums; }
.label, .hint, .empty, small { color: var(--soft); font-weight: 400; font-size: 13px; } .hint, .empty { margin: 0 0 10px; } .hint code { font-size: 12px; }
.columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px; align-items: start; padding: 18px 20px; max-width: 1640px; margin: 0 auto; }
main.narrow { max-width: 460px; margin: 8vh auto; padding: 0 16px; } .total { font-size: 34px; font-weight: 650; margin: 4px 0; font-variant-numeric: tabular-nums; }
.columns section, .narrow section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; margin-bottom: 18px; }
h2 { font-size: 15px; margin: 0 0 12px; } summary h2 { display: inline; margin: 0; } h3 { font-size: 14px; margin: 14px 0 6px; overflow-wrap: anywhere; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin-bottom: 12px; } .wide { grid-column: 1 / -1; }
label { display: grid; gap: 4px; font-size: 13px; color: var(--soft); align-content: end; }
input, select { font: inherit; font-size: 14px; color: var(--text); background: var(--sunk); border: 1px solid var(--line); border-radius: 7px; padding: 7px 9px; min-width: 0; width: 100%; }
button { font: inherit; font-size: 13px; line-height: 1.35; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 5px 11px; cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--accent); } button:active { transform: translateY(1px); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--onaccent); font-weight: 550; } button.danger { color: var(--bad); } button.quiet { color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; } .actions form { display: contents; }
.actions form.chooser, .search { display: flex; gap: 0; max-width: 100%; } .chooser select, .search input { width: auto; max-width: 250px; padding: 4px 7px; font-size: 13px; border-radius: 7px 0 0 7px; border-right: 0; } .chooser button, .search button { border-radius: 0 7px 7px 0; }
.search { margin-bottom: 12px; } .search input { flex: 1; max-width: none; padding: 6px 9px; }
article { border: 1px solid var(--line); border-radius: 10px; margin-bottom: 12px; overflow: hidden; }
article header { padding: 10px 14px; background: var(--sunk); } article h3 { margin: 0; } article header p { margin: 0; font-size: 13px; color: var(--soft); display: flex; flex-wrap: wrap; gap: 2px 10px; overflow-wrap: anywhere; }
.row { display: grid; gap: 7px; padding: 9px 14px; border-top: 1px solid var(--line); } .body > .row { padding: 6px 0; border: 0; } .columns section > .row { padding: 0 0 10px; border: 0; }
.what { display: flex; flex-wrap: wrap; gap: 4px 9px; align-items: center; overflow-wrap: anywhere; min-width: 0; } .amount { font-variant-numeric: tabular-nums; }
.row details > summary { font-size: 13px; color: var(--soft); cursor: pointer; } .row details[open] > summary { margin-bottom: 8px; }
.badge { display: inline-block; font-size: 12px; line-height: 1.5; padding: 1px 8px; border-radius: 99px; background: var(--sunk); color: var(--soft); white-space: nowrap; }
.badge.good { color: var(--good); background: var(--goodbg); } .badge.bad { color: var(--bad); background: var(--badbg); } .badge.warn { color: var(--warn); background: var(--warnbg); }
.alarm { color: var(--bad); background: var(--badbg); padding: 8px 12px; border-radius: 8px; margin: 0 0 10px; }
.item { border-top: 1px solid var(--line); } .item > summary { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; padding: 7px 0; cursor: pointer; list-style: none; } .item > summary::-webkit-details-marker { display: none; }
.item > summary::before { content: "›"; color: var(--soft); width: 10px; transition: transform .12s; } .item[open] > summary::before { transform: rotate(90deg); }
.item .title { font-weight: 500; overflow-wrap: anywhere; } .item .meta { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; flex: 1; min-width: 140px; }
.item > .body { padding: 4px 0 14px 20px; min-width: 0; }
#webhooks [data-list] { max-height: 400px; overflow: auto; scrollbar-width: thin; } #webhooks [data-list]:has(details[open]) { max-height: 820px; }
#mails .item > summary { display: grid; grid-template-columns: 10px minmax(0, 1fr) auto; } #mails .item > summary > .meta { grid-column: 2 / -1; grid-row: 2; } #mails .item > summary > .badge { grid-row: 1; grid-column: 3; }
iframe { width: 100%; height: 440px; border: 1px solid var(--line); border-radius: 8px; background: #fff; margin-bottom: 8px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--sunk); padding: 10px 12px; border-radius: 8px; max-height: 360px; overflow: auto; margin: 8px 0 0; } pre:empty { display: none; }
dl { display: grid; grid-template-columns: minmax(90px, max-content) minmax(0, 1fr); gap: 3px 14px; font-size: 13px; margin: 10px 0; } dt { color: var(--soft); overflow-wrap: anywhere; max-width: 190px; } dd { margin: 0; overflow-wrap: anywhere; }
.attempt { display: flex; flex-wrap: wrap; gap: 2px 10px; font-size: 13px; margin: 5px 0; color: var(--soft); overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 13px; margin-bottom: 12px; } th { text-align: left; font-weight: 400; padding: 4px 8px 4px 0; } thead th { color: var(--soft); } td { padding: 3px 6px 3px 0; } td input { padding: 4px 7px; max-width: 96px; }
#notice { position: fixed; left: 50%; bottom: 18px; transform: translateX(-50%); background: var(--text); color: var(--page); padding: 8px 16px; border-radius: 99px; font-size: 14px; opacity: 0; pointer-events: none; transition: opacity .15s; max-width: 92vw; } #notice.shown { opacity: 1; }
@media (max-width: 960px) {
  .top { grid-template-columns: 1fr; padding: 12px 14px; } .clock { justify-content: flex-start; } .jump { display: flex !important; border-top: 1px solid var(--line); padding-top: 8px; font-size: 14px !important; }
  .columns { grid-template-columns: minmax(0, 1fr); padding: 12px; gap: 0; } .columns section { padding: 14px; margin-bottom: 12px; }
  button { padding: 8px 12px; } .chooser select { max-width: 52vw; padding: 7px; } .chooser { width: 100%; } .chooser select { flex: 1; } td input { max-width: 64px; } td { padding-right: 4px; }
  .item > summary { display: grid; grid-template-columns: 10px minmax(0, 1fr) auto; } .item > summary > .title { grid-column: 2; } .item > summary > .badge { grid-column: 3; grid-row: 1; justify-self: end; } .item > summary > .meta { grid-column: 2 / -1; grid-row: 2; min-width: 0; } .item > .body { padding-left: 0; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`

export const stylesheet = common + discordStyles
