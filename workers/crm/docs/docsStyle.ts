export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#fff, #14171c); }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; background: light-dark(#fff, #14171c); color: light-dark(#1a2233, #e6e9ef); }
label { display: block; margin: .5rem 0; }
input, textarea { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem; }
textarea { min-height: 8rem; font-family: ui-monospace, monospace; }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
a { color: light-dark(#1d4fbf, #8fb4ff); }
pre { overflow-x: auto; background: color-mix(in srgb, currentColor 8%, transparent); padding: .75rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
button { font: inherit; padding: .4rem 1rem; }`
