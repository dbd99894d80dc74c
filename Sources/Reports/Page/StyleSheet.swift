/// The page's style sheet: light and dark, on screens of any width, and printed.
///
/// The colours of symbols are Paul Tol's muted palette with one more; those of models have a contrast of 3 and more to the
/// page in both themes. Both can be told apart by readers who are colour-blind, and series differ in marker and dash too.
enum StyleSheet {
  static let text = [colours, layout, drawing, printed].joined(separator: "\n")

  /// What a drawing needs that stands by itself.
  static let picture = [colours, drawing].joined(separator: "\n")

  private static let colours = """
    :root {
      color-scheme: light dark;
      --paper: #fff; --card: #fafaf8; --ink: #1b1f24; --soft: #555d66; --rule: #d9dcdf; --accent: #0b5c94; --tint: #e9f1f7; --shade: rgb(0 0 0 / .18);
      --s1: #0072b2; --s2: #c44e00; --s3: #007a5a; --s4: #a63d78; --s5: #7d6400; --s6: #2b7fb8; --s7: #6a3d9a; --s8: #666;
      --y1: #332288; --y2: #88ccee; --y3: #44aa99; --y4: #117733; --y5: #999933; --y6: #ddcc77; --y7: #cc6677;
      --y8: #882255; --y9: #aa4499; --y10: #ee8866; --y11: #bbb;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171b; --card: #1a1e23; --ink: #e6e8ea; --soft: #a8b0b8; --rule: #363c43; --accent: #7cc0ee; --tint: #1d2c38; --shade: rgb(0 0 0 / .7);
        --s1: #56b4e9; --s2: #ff8f4a; --s3: #2dc39a; --s4: #e48fc0; --s5: #e0c14a; --s6: #9cc7f0; --s7: #b79cec; --s8: #b4b4b4;
        --y1: #7468d8; --y4: #2f9e57; --y8: #c2528c; --y9: #c272b6; --y11: #5b6168;
      }
    }
    """

  private static let layout = """
    *, *::before, *::after { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 0 1rem 3rem; max-width: 80rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
    }
    header { padding: 2.5rem 0 0; }
    h1 { margin: 0 0 1rem; font-size: clamp(1.7rem, 5vw, 2.5rem); line-height: 1.15; overflow-wrap: anywhere; }
    h2 { margin: 0 0 .6rem; font-size: 1.4rem; line-height: 1.25; }
    h3 { margin: 1.6rem 0 .5rem; font-size: 1.05rem; overflow-wrap: anywhere; }
    .kind, .facts { margin: 0 0 .3rem; color: var(--soft); }
    .facts { margin-bottom: 1.2rem; overflow-wrap: anywhere; }
    header h1 { margin-bottom: .5rem; }
    .summary { max-width: 52rem; margin: 0 0 .6rem; font-size: 1.1rem; overflow-wrap: anywhere; }
    .lead { max-width: 52rem; margin: 0 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
    section { padding-top: 1.6rem; margin-top: 2rem; border-top: 1px solid var(--rule); }
    a { color: var(--accent); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 1.3rem 0 0; padding: 0; list-style: none; }
    nav a { display: inline-block; padding: .25rem 0; }
    ul:empty, ol:empty, dl:empty, .samples:empty { display: none; }
    .scroll {
      overflow-x: auto;
      background: linear-gradient(90deg, var(--paper) 30%, transparent) left / 3rem 100% no-repeat local,
        linear-gradient(270deg, var(--paper) 30%, transparent) right / 3rem 100% no-repeat local,
        linear-gradient(90deg, var(--shade), transparent) left / 1rem 100% no-repeat scroll,
        linear-gradient(270deg, var(--shade), transparent) right / 1rem 100% no-repeat scroll;
    }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .4rem .7rem; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
    th { font-weight: 600; }
    table.models { min-width: 100%; font-size: .94rem; }
    table.models tbody th { font-weight: 400; }
    table.models tbody tr:hover { background: var(--card); }
    .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; }
    .number, .data td { text-align: right; }
    td { white-space: nowrap; }
    table.models th, table.models td { padding-inline: .55rem; }
    table.models th:first-child { padding-left: .2rem; }
    table.models thead th { min-width: 4rem; }
    tr.chosen, table.models tbody tr.chosen:hover { background: var(--tint); }
    tr.chosen .name, tr.chosen td { font-weight: 650; }
    thead th { color: var(--soft); font-size: .88rem; border-bottom-color: var(--soft); vertical-align: bottom; }
    th button {
      padding: 0; border: 0; background: none; color: inherit; font: inherit; text-align: inherit; cursor: pointer;
      min-height: 1.5rem;
    }
    th button:hover { color: var(--accent); }
    th button::after { content: "\\A0↕"; opacity: .75; }
    th[aria-sort=ascending] button::after { content: "\\A0↑"; opacity: 1; }
    th[aria-sort=descending] button::after { content: "\\A0↓"; opacity: 1; }
    .badge {
      display: inline-block; padding: 0 .45em; border: 1px solid var(--soft); border-radius: .8em; color: var(--soft);
      font-size: .76rem; line-height: 1.45; white-space: nowrap;
    }
    .chosen .badge:first-of-type { border-color: var(--accent); color: var(--accent); }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0 0 .8rem; padding: 0; list-style: none; font-size: .9rem; }
    .legend li { display: flex; align-items: center; gap: .45rem; overflow-wrap: anywhere; }
    .key { flex: none; width: 26px; height: 12px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); gap: 1.4rem 1.6rem; align-items: start; }
    .figures + .legend:empty + .figures { margin-top: 1.4rem; }
    figure { margin: 0; min-width: 0; }
    figure.wide { grid-column: 1 / -1; }
    .four { grid-template-columns: repeat(auto-fill, minmax(min(100%, 17.5rem), 1fr)); }
    .columns { display: block; columns: 23rem; column-gap: 1.6rem; }
    .columns figure { break-inside: avoid; padding-bottom: 1.2rem; }
    figure svg { display: block; width: 100%; height: auto; overflow: visible; }
    .narrow { display: none; }
    @media (max-width: 60rem) { .narrow { display: block; } .broad { display: none; } }
    figcaption { margin: 0 0 .4rem; font-weight: 600; font-size: .94rem; overflow-wrap: anywhere; }
    details { margin-top: .4rem; font-size: .86rem; }
    summary { display: inline-block; color: var(--accent); cursor: pointer; padding: .15rem 0; }
    summary::before { content: "▸ "; }
    details[open] summary::before { content: "▾ "; }
    details .scroll { max-height: 22rem; overflow: auto; border: 1px solid var(--rule); }
    .data th, .data td { padding: .2rem .55rem; }
    .data thead th { position: sticky; top: 0; background: var(--paper); }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    pre {
      margin: .4rem 0; padding: .8rem 1rem; overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 6px;
      font: .86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
    }
    .samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 0 1.6rem; }
    .sample h3 { margin-top: .4rem; font-size: .95rem; }
    .sample ol { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--rule); }
    .sample li { padding: .3rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; white-space: pre-wrap; font-size: .94rem; }
    .empty { color: var(--soft); font-style: italic; }
    .notes { max-width: 60rem; margin: 1rem 0 0; padding-left: 1.1rem; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .45rem 1.2rem; max-width: 60rem; margin: 0 0 1rem; }
    dt { font-weight: 600; }
    dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    @media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
    footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; }
    """

  private static let drawing = """
    svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    .tick { font-size: 11.5px; fill: var(--soft); font-variant-numeric: tabular-nums; }
    .label { font-size: 12px; fill: var(--ink); }
    .name-tag { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
    .strong { font-weight: 650; fill: var(--ink); }
    .grid { stroke: var(--rule); stroke-width: .8; }
    .row { stroke: var(--rule); stroke-width: .6; stroke-dasharray: 1 3; }
    .axis { stroke: var(--soft); stroke-width: 1; }
    .reference { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 3; }
    .front { fill: none; stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 2 3; }
    .data { --c: var(--ink); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); }
    .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); } .s8 { --c: var(--s8); }
    .line { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; }
    .line.data { stroke-width: 3; }
    #training .line.data { stroke-width: 1.8; }
    .dash { stroke-dasharray: 6 3; }
    .faint { opacity: .55; stroke-dasharray: 2 2.5; }
    .mark { fill: var(--c); stroke: var(--paper); stroke-width: 1; }
    .hollow { fill: none; stroke: var(--c); stroke-width: 1.4; }
    .whisker { stroke: var(--c); stroke-width: 1.4; opacity: .8; }
    .y1 { fill: var(--y1); } .y2 { fill: var(--y2); } .y3 { fill: var(--y3); } .y4 { fill: var(--y4); } .y5 { fill: var(--y5); }
    .y6 { fill: var(--y6); } .y7 { fill: var(--y7); } .y8 { fill: var(--y8); } .y9 { fill: var(--y9); } .y10 { fill: var(--y10); }
    .y11 { fill: var(--y11); }
    .note { fill: var(--c); }
    .band { fill: var(--c); opacity: .2; }
    .bar { fill: var(--c); opacity: .55; }
    .paper { fill: var(--paper); }
    """

  private static let printed = """
    @media print {
      :root { color-scheme: light; }
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      nav, details, th button::after { display: none; }
      section { break-inside: auto; padding-top: .8rem; margin-top: 1rem; }
      h2, h3, .lead, .legend, figcaption { break-after: avoid; }
      .narrow { display: none; }
      .broad { display: block; }
      figure, .sample, tr, dt, dd { break-inside: avoid; }
      .scroll, pre { overflow: visible; white-space: pre-wrap; }
      .figures { grid-template-columns: repeat(2, 1fr); }
      table.models { font-size: 7.5pt; }
      table.models th, table.models td { padding: .15rem .3rem; }
    }
    """
}
