// The style sheet of the HTML report. May not: name anything outside the file.

/** Text on each tint has a contrast of 4.5:1 or more, in light and in dark. */
export const REPORT_CSS = `
:root{--ink:#1b2026;--muted:#56606b;--paper:#f4f5f3;--card:#fff;--line:#d9dcd8;--link:#0b4f86;
--good:#0d5a30;--good-bg:#e0f2e6;--warn:#744300;--warn-bg:#fdedcf;--bad:#8c1420;--bad-bg:#fce3e2;--ask:#3d3393;--ask-bg:#e9e7fa;--quiet:#4d5761;--quiet-bg:#e9ecee}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8ea;--muted:#a3adb7;--paper:#14171a;--card:#1c2024;--line:#363c42;--link:#8cc4f5;
--good:#8fdcae;--good-bg:#123322;--warn:#f3c677;--warn-bg:#3a2a0c;--bad:#ffaca8;--bad-bg:#43181b;--ask:#c2bcff;--ask-bg:#2a2657;--quiet:#b9c2ca;--quiet-bg:#2a3036}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0 auto;max-width:66rem;padding:1.5rem 1.25rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.brand{margin:0;color:var(--muted);font-size:.875rem;letter-spacing:.04em}
h1{margin:.1rem 0 0;font-size:1.9rem;line-height:1.2;overflow-wrap:anywhere}
h2{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;justify-content:space-between;margin:0;font-size:1.2rem;line-height:1.35}
h3{margin:1.1rem 0 .3rem;font-size:1rem}
p{margin:.3rem 0}
.lead{font-size:1.1rem;margin:.4rem 0 1rem}
.muted{color:var(--muted)}
.hash,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem}
code{color:var(--muted)}
dl.claim{display:flex;flex-wrap:wrap;gap:.5rem 1.75rem;margin:0 0 1.25rem}
dl.claim dt{color:var(--muted);font-size:.8125rem}dl.claim dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:1rem 1.15rem 1.15rem;margin:1.15rem 0}
.card.good{border-top:4px solid var(--good)}.card.warn{border-top:4px solid var(--warn)}.card.bad{border-top:4px solid var(--bad)}.card.ask{border-top:4px solid var(--ask)}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.25rem;color:var(--muted);font-size:.9375rem}
.badge{display:inline-block;white-space:nowrap;border-radius:4px;padding:.08rem .5rem;font-size:.875rem;font-weight:600;background:var(--quiet-bg);color:var(--quiet)}
.badge.good{background:var(--good-bg);color:var(--good)}.badge.warn{background:var(--warn-bg);color:var(--warn)}.badge.bad{background:var(--bad-bg);color:var(--bad)}.badge.ask{background:var(--ask-bg);color:var(--ask)}
.tag{border:1px solid var(--line);border-radius:3px;padding:0 .3rem;font-size:.75rem;font-weight:500;color:var(--muted)}
table{width:100%;border-collapse:collapse;margin:.9rem 0 0;font-size:.9375rem}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:0 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;border-top:1px solid var(--line);font-weight:400}
thead th{font-size:.8125rem;color:var(--muted);font-weight:600;border-top:0;padding-top:.2rem;padding-bottom:.3rem}
tbody th{font-weight:600}
.worklist{background:var(--card);border:1px solid var(--line);border-radius:8px;border-collapse:separate;border-spacing:0}
.worklist caption{padding-left:.1rem}
.worklist td{font-variant-numeric:tabular-nums}.worklist td:nth-child(4){white-space:nowrap}
.requirements th:first-child{width:30%}.requirements thead th:nth-child(2){width:7.5rem}
.requirements tbody th{font-weight:500}.requirements code{display:block;margin-top:.15rem;overflow-wrap:anywhere}
.requirements tr.wrong>th{box-shadow:inset 3px 0 0 var(--quiet)}.requirements tr.warn>th{box-shadow:inset 3px 0 0 var(--warn)}.requirements tr.bad>th{box-shadow:inset 3px 0 0 var(--bad)}.requirements tr.ask>th{box-shadow:inset 3px 0 0 var(--ask)}
.requirements td p{margin:0 0 .3rem}
.quotes{margin:.3rem 0 0;padding:0;list-style:none}
.quotes li{border-left:2px solid var(--line);padding:.05rem 0 .05rem .6rem;margin:.3rem 0;overflow-wrap:anywhere}
.quotes li.against{border-left-color:var(--bad)}.stance{color:var(--bad);font-weight:600}
q{font-style:italic}.place{font-size:.875rem;overflow-wrap:anywhere}
.requests{background:var(--warn-bg);color:var(--warn);border-radius:6px;padding:.6rem .9rem .7rem;margin:.8rem 0 0}
.requests h3{margin:0 0 .2rem}.requests ul{margin:0;padding-left:1.15rem}
.rules{margin:.4rem 0 0;padding:0;list-style:none}
.rules>li{border-left:3px solid var(--quiet);padding:.1rem 0 .1rem .7rem;margin:.5rem 0;overflow-wrap:anywhere}
.rules>li.bad{border-left-color:var(--bad)}.rules>li.warn{border-left-color:var(--warn)}.rules>li.ask{border-left-color:var(--ask)}
summary{cursor:pointer;color:var(--link);padding:.35rem 0}.scroll{overflow-x:auto}.scroll td:nth-child(4){white-space:nowrap}.scroll td:nth-child(2){min-width:9rem}
footer{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line)}footer h2{margin-bottom:.6rem}
@media screen and (max-width:44rem){body{padding:1rem .75rem 2rem}
.requirements,.requirements tbody,.requirements tr,.requirements th,.requirements td,.requirements caption{display:block;width:auto}
.requirements thead{position:absolute;left:-99rem}.requirements th:first-child{width:auto}
.requirements tr{border-top:1px solid var(--line);padding:.5rem 0}.requirements th,.requirements td{border:0;padding:.15rem .6rem}
.worklist thead th:nth-child(5),.worklist td:nth-child(5){display:none}.worklist th,.worklist td{padding:.45rem .4rem}.worklist .badge{white-space:normal;padding:.08rem .35rem}.worklist thead th:first-child,.worklist td:first-child{display:none}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--muted:#444;--line:#bbb;--link:#000;--good:#0d5a30;--good-bg:#fff;--warn:#744300;--warn-bg:#fff;--bad:#8c1420;--bad-bg:#fff;--ask:#3d3393;--ask-bg:#fff;--quiet:#333;--quiet-bg:#fff}
body{max-width:none;padding:0;font-size:10pt}.badge,.requests{border:1px solid currentColor}.skip{display:none}
.card{border-left:0;border-right:0;border-bottom:0;border-radius:0;padding:.6rem 0}tr,li,.requests{break-inside:avoid}h2,h3,caption{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}.scroll{overflow:visible}}
`
