// The style sheet of the live page: light and dark, one column on a phone.

export const LIVE_PAGE_STYLE = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --one: #0b62c4; --two: #b3470b; --bad: #c0242d; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --back: #0f1216; --card: #181c22; --text: #e6edf3; --soft: #9aa4af;
  --line: #30363d; --one: #6cb0ff; --two: #ffa657; --bad: #ff7b72; --good: #57d364; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1400px; padding: 1rem; background: var(--back); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; margin-bottom: .8rem; }
h1 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: .9rem; font-weight: 600; margin: 0; }
p { margin: 0; color: var(--soft); }
#state { color: var(--text); font-weight: 600; }
#state[data-state="running"]::before { content: "\\25cf\\a0"; color: var(--good); }
#state[data-state="lost"]::before { content: "\\25cf\\a0"; color: var(--bad); }
main { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .8rem .4rem; }
.head { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; }
.now { font-size: 1.3rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.key + .key { margin-left: .8rem; }
.key.s0:not(:only-child) { color: var(--one); } .key.s1 { color: var(--two); }
.note { font-size: .8rem; min-height: 1.2rem; }
svg { display: block; width: 100%; height: 150px; overflow: visible; }
svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; }
.cursor { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.s0 { stroke: var(--one); } .s1 { stroke: var(--two); stroke-dasharray: 5 3; } .bad { stroke: var(--bad); }
footer { margin-top: .8rem; font-size: .85rem; }
a { color: var(--one); }
`;
