using System.Security.Cryptography;
using System.Text;

namespace Caluma.Healthz.Pages;

/// <summary>The style of the dashboard. It is in the page, and the Content-Security-Policy allows it, and nothing else, by its hash.</summary>
internal static class DashboardStyle
{
    /// <summary>Colours are Okabe and Ito's, which the colour-blind tell apart, darkened or lightened to a contrast of at least 4.5 for text.</summary>
    public const string Css =
        """
        :root{color-scheme:light dark;--page:#fff;--panel:#f6f7f9;--line:#d5d9e0;--text:#1a1d23;--quiet:#565d6b;--good:#00745a;--bad:#b3261e;--warn:#8a5300;--note:#0b62a8;--good-fill:#2f9e7d;--bad-fill:#c8362d;--warn-fill:#d08700;--missing-fill:#9aa1ad}
        @media(prefers-color-scheme:dark){:root{--page:#14161a;--panel:#1d2026;--line:#363b45;--text:#e8eaee;--quiet:#a5adba;--good:#4fd1a8;--bad:#ff8a80;--warn:#f4b860;--note:#7cc0ff;--good-fill:#2f9e7d;--bad-fill:#e5534b;--warn-fill:#d9962a;--missing-fill:#6b7280}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        header,main,footer{max-width:100rem;margin:0 auto;padding:0 1rem}
        h1{font-size:1rem;font-weight:600;margin:1rem 0 .5rem;color:var(--quiet)}
        h2{font-size:1.25rem;font-weight:600;line-height:1.3;margin:2.5rem 0 .75rem}
        h3{font-size:1rem;font-weight:600;margin:0}
        p{margin:.25rem 0}
        a{color:var(--note)}
        :focus-visible{outline:3px solid var(--note);outline-offset:2px}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.75rem 0 0;padding:0}
        .skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.25rem .5rem}
        .quiet{color:var(--quiet)}
        .small{font-size:.875rem}
        .good-text{color:var(--good)}.bad-text{color:var(--bad)}.warn-text{color:var(--warn)}
        .verdict{border-left:.5rem solid var(--missing-fill);background:var(--panel);padding:.75rem 1rem;border-radius:.25rem}
        .verdict p:first-child{font-size:1.75rem;font-weight:650;line-height:1.2;margin:0}
        .verdict.ok{border-color:var(--good-fill)}.verdict.bad{border-color:var(--bad-fill)}.verdict.warn{border-color:var(--warn-fill)}
        .notice{border:2px solid var(--warn-fill);border-radius:.25rem;padding:.5rem 1rem;margin:.75rem 0;font-weight:600}
        .alerts{list-style:none;margin:0;padding:0}
        .alerts li{border-left:.25rem solid var(--warn-fill);padding:.375rem .75rem;margin:.5rem 0;background:var(--panel);border-radius:.25rem;overflow-wrap:anywhere}
        .alerts .critical{border-color:var(--bad-fill)}
        .check{display:grid;grid-template-columns:minmax(12rem,1.2fr) minmax(14rem,1.3fr) minmax(10rem,1fr) minmax(18rem,2.2fr);gap:.25rem 1.5rem;align-items:center;padding:.75rem 0;border-top:1px solid var(--line)}
        .check:last-of-type{border-bottom:1px solid var(--line)}
        .name{overflow-wrap:anywhere;min-width:0}
        .mark{display:inline-block;width:1.1em;height:1.1em;vertical-align:-.18em;margin-right:.375rem}
        .mark .good{fill:var(--good-fill)}.mark .failing{fill:var(--bad-fill)}.mark .none{fill:var(--missing-fill)}.mark .warn{fill:var(--warn-fill)}.mark .ink{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
        dl{display:grid;grid-template-columns:auto 1fr;gap:0 .75rem;margin:0;font-size:.875rem}
        dt{color:var(--quiet)}dd{margin:0;font-variant-numeric:tabular-nums}
        svg{display:block;max-width:100%}
        .strip{width:100%;height:auto}.sample{display:inline-block;height:1.25rem;width:.3rem;vertical-align:-.2rem;margin-right:.375rem}
        .chart{width:100%;height:auto;background:var(--panel);border-radius:.25rem}
        .good{fill:var(--good-fill)}.blip{fill:var(--warn-fill)}.failing{fill:var(--bad-fill)}.maintenance{fill:none;stroke:var(--note);stroke-width:1.25}.missing{fill:var(--missing-fill)}
        .grid{stroke:var(--line);stroke-width:.75;fill:none}.axis{fill:var(--quiet);font-size:9px}.span{display:flex;justify-content:space-between}
        .p50,.p95{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}.p50{stroke:var(--quiet)}.p95{stroke:var(--note)}
        .timeout{stroke:var(--bad-fill);stroke-width:1.25;stroke-dasharray:6 4;fill:none}.forecast{stroke:var(--warn-fill);stroke-width:2;stroke-dasharray:2 3;fill:none}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:1.5rem}
        figure{margin:0;min-width:0}figcaption{margin-bottom:.25rem;overflow-wrap:anywhere}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.5rem 0 0;padding:0;font-size:.875rem;color:var(--quiet)}
        .key{display:inline-block;width:1.5rem;height:.5rem;vertical-align:.1rem;margin-right:.375rem}
        .budget{width:100%;height:.5rem;margin-top:.25rem}.budget .all{fill:var(--line)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.875rem}
        th,td{text-align:left;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
        th{color:var(--quiet);font-weight:600}
        footer{margin-top:2.5rem;padding-bottom:2rem;color:var(--quiet);font-size:.875rem}
        @media(max-width:60rem){.check{grid-template-columns:1fr 1fr}.check>:first-child,.check>:last-child{grid-column:1/-1}}
        @media(max-width:32rem){.check{grid-template-columns:1fr}.verdict p:first-child{font-size:1.375rem}}
        @media(min-width:120rem){html{font-size:125%}}
        @media print{:root{--page:#fff;--panel:#fff;--text:#000}.check,figure,li,tr{break-inside:avoid}nav,.skip{display:none}}
        """;

    /// <summary>Nothing is loaded, run, framed or sent.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
