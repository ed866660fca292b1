export const stylesheet = `
:root { color-scheme: light dark; --bg: #f4f5f8; --card: #fff; --line: #d9dde5; --text: #1b2230; --soft: #5d6675; --accent: #2a55d4; --good: #14743c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --bg: #12151b; --card: #1b2029; --line: #333b49; --text: #e7eaf0; --soft: #a2abba; --accent: #8eaaff; --good: #6fd39a; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline; padding: 14px 20px; border-bottom: 1px solid var(--line); background: var(--card); }
h1 { font-size: 18px; margin: 0; } h1 span { font-weight: 400; color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: 4px 14px; } a { color: var(--accent); }
main { padding: 16px; max-width: 1500px; margin: 0 auto; } main.narrow { max-width: 520px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; align-items: start; }
@media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } main { padding: 10px; } }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin-bottom: 16px; }
h2 { font-size: 16px; margin: 0 0 10px; } h3 { font-size: 15px; margin: 0 0 6px; overflow-wrap: anywhere; } small { color: var(--soft); font-weight: 400; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; align-items: end; margin-bottom: 12px; } .grid h3 { grid-column: 1 / -1; margin: 0; }
label { display: grid; gap: 3px; font-size: 13px; color: var(--soft); }
input, select { font: inherit; color: var(--text); background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; min-width: 0; width: 100%; }
button { font: inherit; font-size: 13px; color: var(--text); background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; cursor: pointer; }
button:hover { border-color: var(--accent); } button.primary { background: #2a55d4; border-color: #2a55d4; color: #fff; } button.danger { color: var(--bad); } button.quiet { color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.actions, .clock { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; } .clock { gap: 8px; }
article { border-top: 1px solid var(--line); padding: 12px 0; } .row { padding: 6px 0; display: grid; gap: 6px; }
.badge { display: inline-block; font-size: 12px; padding: 0 7px; border-radius: 99px; border: 1px solid var(--line); color: var(--soft); }
.badge.active, .badge.paid, .badge.delivered { color: var(--good); border-color: currentColor; }
.badge.past_due, .badge.canceled, .badge.failed, .badge.open { color: var(--bad); border-color: currentColor; }
details { border-top: 1px solid var(--line); padding: 7px 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
iframe { width: 100%; height: 420px; border: 1px solid var(--line); border-radius: 8px; background: #fff; margin: 8px 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; background: var(--bg); padding: 10px; border-radius: 6px; max-height: 340px; overflow: auto; }
.empty { color: var(--soft); margin: 0; }
`
