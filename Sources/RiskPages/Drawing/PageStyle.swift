/// The style sheet of the page: one column on a phone, up to three on a desk, ink on white on paper.
///
/// Three hues stand for the three modes wherever they appear, and never alone: bars and lines carry their names,
/// lines differ in their dashes too. Contrasts are at least 4.5 : 1 for text on the card behind it, by day and by
/// night. Digits are all of one width.
enum PageStyle {
  static let sheet: StaticString = """
    :root{color-scheme:light dark;--paper:#f6f5f1;--card:#ffffff;--ink:#1a1e23;--faint:#59616b;--rule:#dedbd3;\
    --bar:#4d5662;--isolated:#9c4f00;--cross:#2459a3;--portfolio:#0a6e60;--loss:#b3261e}
    @media (prefers-color-scheme:dark){:root{--paper:#121518;--card:#1a1e22;--ink:#e9e7e2;--faint:#a4acb6;\
    --rule:#353b43;--bar:#9aa4b1;--isolated:#f0a860;--cross:#8ab8f5;--portfolio:#5fcdb9;--loss:#ff8f85}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);\
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
    font-variant-numeric:tabular-nums lining-nums}
    body>*{max-width:1180px;margin:0 auto;padding:0 16px}
    header{padding-top:28px}
    h1{font-size:26px;line-height:1.2;margin:0 0 4px}
    h2{font-size:21px;line-height:1.25;margin:0 0 10px;overflow-wrap:anywhere}
    h3{font-size:15px;margin:0 0 2px}
    p{margin:0 0 10px;max-width:78ch}
    a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:3px}
    nav ul{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:14px 0 0;padding:0}
    .faint{color:var(--faint)}
    .loss{color:var(--loss)}
    section{margin:26px 0 0;padding:20px 0 0;border-top:2px solid var(--ink)}
    .answer{font-size:18px;line-height:1.45}
    .answer strong{font-weight:650}
    .warn{border-left:4px solid var(--loss);padding:2px 0 2px 10px}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(176px,1fr));gap:1px;margin:14px 0 18px;\
    background:var(--card);border:1px solid var(--rule)}
    .facts div{box-shadow:0 0 0 1px var(--rule);padding:8px 12px}
    .facts dt{color:var(--faint);font-size:13px}
    .facts dd{margin:0;font-size:17px;font-weight:600}
    .facts dd span{display:block;font-size:13px;font-weight:400;color:var(--faint);overflow-wrap:anywhere}
    .grid{columns:320px;column-gap:14px;margin-bottom:14px}
    .grid>:last-child{margin-bottom:0}
    .grid>*{break-inside:avoid}
    figure,.card{background:var(--card);border:1px solid var(--rule);padding:12px 14px;margin:0 0 14px;min-width:0}
    figure svg{display:block;width:100%;max-width:440px;height:auto;margin:6px auto 4px}
    .tables{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start;margin-bottom:14px}
    .tables>*{flex:1 1 auto;max-width:100%;margin:0}
    .tables>details{flex-basis:300px}
    .tables>details[open]{flex-basis:100%}
    figcaption,.note{color:var(--faint);font-size:13px;line-height:1.4;overflow-wrap:anywhere}
    .card>:last-child{margin-bottom:0}
    .scroll{overflow-x:auto;background:linear-gradient(90deg,var(--card) 30%,transparent) 0 0/40px 100%,\
    linear-gradient(270deg,var(--card) 30%,transparent) 100% 0/40px 100%,\
    linear-gradient(90deg,var(--rule),transparent) 0 0/14px 100%,\
    linear-gradient(270deg,var(--rule),transparent) 100% 0/14px 100%;background-repeat:no-repeat;\
    background-attachment:local,local,scroll,scroll}
    table{border-collapse:collapse;font-size:14px}
    caption{text-align:left;font-weight:600;padding:0 0 4px}
    th,td{padding:4px 0 4px 26px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule);\
    vertical-align:top}
    th{font-weight:400}
    thead th{color:var(--faint);font-size:13px;vertical-align:bottom;white-space:normal}
    .grid th,.grid td{padding-left:12px}
    th:first-child,td:first-child,.grid th:first-child,.grid td:first-child{padding-left:0}
    .w,th:first-child{text-align:left}
    td small,th small{display:block;color:var(--faint);font-size:12px}
    td.w,tbody th{white-space:normal;overflow-wrap:anywhere;min-width:86px}
    td.note{min-width:230px;font-weight:400}
    tr.best td:not(.note),tr.best th,td.best{font-weight:650}
    details{margin:0 0 14px}
    summary{cursor:pointer;padding:4px 0}
    ul.plain{padding-left:18px;margin:6px 0}
    ul.plain li{overflow-wrap:anywhere;margin:0 0 4px;max-width:100ch}
    footer{margin:26px auto 0;padding-bottom:30px}
    code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
    text{font-size:12px;fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
    .s{font-size:10.5px;fill:var(--faint)}
    text.faint{fill:var(--faint)}
    .strong{font-weight:650}
    text.isolated,.fill.isolated,rect.isolated{fill:var(--isolated)}
    text.cross,.fill.cross,rect.cross{fill:var(--cross)}
    text.portfolio,.fill.portfolio,rect.portfolio{fill:var(--portfolio)}
    rect.light{fill-opacity:.38}
    rect.gain{fill:var(--bar)}
    rect.loss{fill:var(--loss)}
    line{stroke:var(--ink);stroke-width:1}
    line.rule{stroke:var(--rule)}
    line.zero{stroke:var(--faint)}
    line.link{stroke:var(--faint);stroke-dasharray:2 2}
    line.mark{stroke:var(--ink);stroke-width:1.4}
    line.today{stroke:var(--faint);stroke-dasharray:1 3}
    path.line{fill:none;stroke:var(--ink);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
    path.isolated,line.isolated{stroke:var(--isolated)}
    path.cross,line.cross{stroke:var(--cross)}
    path.portfolio,line.portfolio{stroke:var(--portfolio)}
    path.line.isolated{stroke-dasharray:1 4}
    path.line.cross{stroke-dasharray:7 4}
    line.root{stroke-width:1.3;stroke-dasharray:4 2}
    @media (max-width:420px){body>*{padding:0 10px}header{padding-top:16px}h1{font-size:22px}.answer{font-size:17px}\
    figure,.card{padding:10px}th,td{padding-left:10px}table{font-size:13px}}
    @media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--faint:#444;--rule:#bbb;\
    --bar:#444;--isolated:#9c4f00;--cross:#2459a3;--portfolio:#0a6e60;--loss:#b3261e}
    body{font-size:11px}.answer{font-size:13px}nav{display:none}.scroll{overflow:visible;background:none}
    figure,.card,tr,dl{break-inside:avoid}details.card{break-inside:auto}h2,h3,caption{break-after:avoid}
    .grid{columns:2}details::details-content{content-visibility:visible;height:auto}}

    """
}
