/// What only the statistics need of the stylesheet; served as a part of it.
enum StatisticsStyle {
    // The two bars differ in lightness and in outline, not in hue alone (WCAG 1.4.1).
    static let text = """
        main.broad{max-width:70rem}
        .scroll{overflow-x:auto;margin:0 0 1rem;background:#fff}
        .scroll:focus-visible{outline:3px solid #1b2229;outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-size:.95rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:700;padding:.25rem 0;color:#0b3c73}
        caption span{display:inline-block;position:sticky;left:0;max-width:calc(100vw - 2rem)}
        th,td{border:1px solid #9aa5b0;padding:.35rem .5rem;text-align:right;vertical-align:top}
        th{font-weight:600;background:#f3f5f7}
        th[scope=row],thead tr:first-child th:first-child{text-align:left}
        th[scope=row]{position:sticky;left:0;min-width:7.5rem}
        tbody th[scope=row]{background:#fff}
        th[scope=colgroup]{text-align:center}
        th.n{white-space:nowrap}
        .of{font-weight:400}
        th.sub{font-weight:400;padding-left:1.25rem}
        th.t,td.t{text-align:left;min-width:10rem}
        table.slim{max-width:36rem}
        .home{margin-right:auto}
        tfoot td,tfoot th{font-weight:700;background:#eef1f4}
        abbr{text-decoration:none;color:#3d4852;font-style:italic}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:0 0 1rem}
        .cards div{border:1px solid #9aa5b0;border-radius:.35rem;padding:.5rem .75rem}
        .cards dt{line-height:1.4}
        .cards dd{margin:0;font-size:clamp(1.15rem,6vw,1.5rem);white-space:nowrap;line-height:1.3;font-weight:700;font-variant-numeric:tabular-nums}
        .cards .bad{background:#fdf1f0;border-color:#b3201a}
        .chart{margin:0 0 1rem;max-width:44rem}
        .chart figcaption{margin:0 0 .25rem}
        .chart svg{display:block;width:100%;height:9rem}
        .chart p{margin:0;font-size:.85rem;color:#3d4852;font-variant-numeric:tabular-nums}
        .ticks{display:flex}
        .ticks span{flex:1;min-width:0;text-align:center}
        .chart .axis{fill:none;stroke:#5b6874;vector-effect:non-scaling-stroke}
        .chart .a,.key.a{fill:#0b3c73;background:#0b3c73}
        .chart .b,.key.b{fill:#ffd97a;background:#ffd97a;stroke:#553a00;vector-effect:non-scaling-stroke}
        .key{display:inline-block;width:.9rem;height:.9rem;border:1px solid #553a00;margin-left:.5rem;vertical-align:-.1rem}
        .links{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem}
        .links a{padding:.15rem 0}
        .links [aria-current]{font-weight:700;color:#1b2229;text-decoration:none}
        .pick{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.5rem 0 1rem}
        .pick div{max-width:100%}
        .pick label{font-size:1rem;display:block}
        .pick select{font:inherit;min-height:2.75rem;max-width:100%;padding:.25rem .5rem;border:2px solid #3d4852;\
        border-radius:.25rem;background:#fff;color:inherit}
        .pick select:focus-visible{outline:3px solid #1b2229;outline-offset:2px}
        .pick button{margin-top:0;min-height:2.75rem;padding:.25rem 1.25rem}
        .wall .cards{gap:1.25rem}
        @media (min-width:40rem){.wall .cards{grid-template-columns:repeat(3,1fr)}}
        .wall .cards dt{font-size:1.3rem}
        .wall .cards dd{font-size:clamp(2.6rem,6vw,5rem)}
        .wall .chart{max-width:none}
        .wall .chart svg{height:30vh;min-height:9rem}
        .wall .chart p{font-size:1rem}
        .wall .ticks span{text-align:left}
        @page broad{size:A4 landscape;margin:12mm}
        @media print{main.broad{page:broad}main.broad table{font-size:8pt}.pick,.links{display:none}\
        .scroll{overflow:visible}th[scope=row]{position:static}tr,.cards div{break-inside:avoid}\
        .chart rect,.key{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """
}
