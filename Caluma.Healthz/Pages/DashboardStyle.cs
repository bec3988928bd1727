using System.Security.Cryptography;
using System.Text;

namespace Caluma.Healthz.Pages;

/// <summary>The style of the dashboard. It is in the page, and the Content-Security-Policy allows it, and nothing else, by its hash.</summary>
internal static class DashboardStyle
{
    /// <summary>
    /// Colours after Okabe and Ito's, which the colour-blind tell apart, with a contrast of at least 4.5 for text and 3 for what is drawn. Three
    /// sizes of text, and a fourth for the verdict. Paper is light, whatever the screen is.
    /// </summary>
    public const string Css =
        """
        :root{color-scheme:light dark;--page:#fff;--panel:#f5f6f8;--line:#d5d9e0;--text:#1a1d23;--quiet:#565d6b;--good:#1f8a6b;--warn:#b87400;--bad:#c8362d;--note:#2878bd;--unknown:#7d8590;--link:#0b62a8;--warn-text:#8a5300;--bad-text:#b3261e}
        @media screen and (prefers-color-scheme:dark){:root{--page:#14161a;--panel:#1d2026;--line:#3a404b;--text:#e8eaee;--quiet:#a5adba;--good:#2f9e7d;--warn:#d9962a;--bad:#e5534b;--note:#5aa9e6;--unknown:#7d8590;--link:#7cc0ff;--warn-text:#f4b860;--bad-text:#ff8a80}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        bdi,li,dd,code{overflow-wrap:anywhere}
        header,main,footer{max-width:100rem;margin:0 auto;padding:0 1.25rem}
        main:focus{outline:0}
        h1,h3,b,th,dt{font-weight:600}
        h1,h3{font-size:1rem;margin:0}
        h2{font-size:1.25rem;font-weight:650;line-height:1.3;margin:0 0 .75rem}
        h3 bdi,th bdi,li bdi{font-weight:400}
        p,ul,dl,dd{margin:0;padding:0}
        ul{list-style:none}
        section{margin-top:2.5rem}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        small,footer,.legend,figcaption p,tbody p,.words{font-size:.875rem;color:var(--quiet)}
        .warn-text,figcaption .warn-text{color:var(--warn-text)}.bad-text{color:var(--bad-text)}
        .skip{position:absolute;left:-100rem}.skip:focus{left:1.25rem;top:.5rem;background:var(--page);padding:.25rem .5rem}
        .top,.top ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:baseline}
        .top{justify-content:space-between;padding:1rem 0 0}.top ul{font-size:.875rem}
        .good-edge{border-color:var(--good)}.warn-edge{border-color:var(--warn)}.bad-edge{border-color:var(--bad)}.note-edge{border-color:var(--note)}.unknown-edge{border-color:var(--unknown)}
        .verdict{margin-top:.75rem;border-left-width:.5rem;border-left-style:solid;background:var(--panel);padding:1rem 1.25rem;border-radius:.25rem}
        .verdict h2{font-size:1.75rem;line-height:1.2;margin:0}
        .as-of{color:var(--quiet);margin-top:.25rem}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:1rem 2rem;margin-top:1rem}
        .facts dt,.words dt,thead{color:var(--quiet)}
        .facts li+li{margin-top:.25rem}
        .alerts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:.75rem}
        .alerts li li{margin-top:.25rem}
        .alerts>li{border-left-width:.25rem;border-left-style:solid;background:var(--panel);padding:.5rem .75rem;border-radius:.25rem}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-bottom:.75rem}
        svg{display:block}
        .definitions{position:absolute;width:0;height:0}
        .mark,.key,.sample{display:inline-block;margin-right:.375rem}
        .mark{width:1.1em;height:1.1em;vertical-align:-.18em}.key{width:1.5rem;height:.75rem;vertical-align:-.05rem}.sample{width:.45rem;height:1.25rem;vertical-align:-.2rem}
        .good{fill:var(--good)}.warn{fill:var(--warn)}.bad{fill:var(--bad)}.note{fill:var(--note)}.unknown{fill:var(--unknown)}
        .ink{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
        marker{overflow:visible}
        .d-ok{marker:url(#d-ok)}.d-few{marker:url(#d-few)}.d-bad{marker:url(#d-bad)}.d-off{marker:url(#d-off)}.d-gap{marker:url(#d-gap)}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:right;padding:.625rem 1.25rem .625rem 0;vertical-align:top;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}
        td,thead th,time{white-space:nowrap}td:nth-child(n+7){white-space:normal}
        thead th{vertical-align:bottom;font-size:.875rem;padding-top:0}
        th:first-child,th:last-child,td:last-child{text-align:left}th:last-child,td:last-child{padding-right:0;width:36%}th:first-child{width:22%;min-width:16rem}td:nth-child(7){width:9rem}
        .alerts li li small,th small{display:block}th small,th p{font-weight:400}
        .ends{display:flex;justify-content:space-between}
        .strip{width:100%;height:2rem;margin-bottom:.125rem}
        .budget{width:100%;height:.375rem;margin-top:.375rem;background:var(--line);print-color-adjust:exact}.budget rect{height:100%}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,34rem),1fr));gap:2rem;margin-top:1rem}
        figure{margin:0;min-width:0}
        .chart{display:grid;grid-template-columns:3.25rem 1fr;gap:.5rem;height:12rem;margin-top:.5rem}
        .chart>svg{width:100%;height:100%;overflow:visible}
        .chart text{font-size:.75rem;fill:currentColor;text-anchor:middle}.chart .y-axis text,.chart .last{text-anchor:end}
        .plot path,.key path{fill:none;vector-effect:non-scaling-stroke}
        .plot path.grid{stroke:var(--line);stroke-width:1}.plot path.now{stroke:var(--quiet);stroke-width:1}
        path.p50,path.p95{stroke-linejoin:round;stroke-linecap:round}path.p50{stroke:var(--quiet);stroke-width:1}path.p95{stroke:var(--note);stroke-width:2.25}
        path.timeout{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:6 4}path.forecast{stroke:var(--warn);stroke-width:2.5;stroke-dasharray:2 4}
        path.failed{stroke:var(--bad);stroke-width:10}path.excluded{stroke:var(--note);stroke-width:10;stroke-dasharray:2 2}path.missing{stroke:var(--unknown);stroke-width:3;stroke-dasharray:3 5}
        .words{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr));gap:1rem 2rem}
        footer{margin-top:2.5rem;padding-bottom:2rem}footer p{margin-top:.25rem}
        @media(max-width:68rem){table,tbody{display:block}thead{position:absolute;left:-100rem}tr{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:.5rem 1rem;padding:.75rem 0;border-top:1px solid var(--line)}tr>*,th:first-child,td:last-child{padding:0;border:0;text-align:left;width:auto;min-width:0}td:nth-child(7){width:auto}tbody th,td:last-child{grid-column:1/-1}td::before{display:block;font-size:.875rem;color:var(--quiet)}td:nth-child(2)::before{content:"p50"}td:nth-child(3)::before{content:"p95"}td:nth-child(4)::before{content:"passed 1 d"}td:nth-child(5)::before{content:"passed 7 d"}td:nth-child(6)::before{content:"passed 30 d"}td:nth-child(7)::before{content:"budget left"}}
        @media(max-width:40rem){tr{grid-template-columns:repeat(3,minmax(0,1fr))}.plot text:nth-of-type(even):not(.now){display:none}.verdict h2{font-size:1.375rem}.verdict{padding:.75rem 1rem}}
        @media(min-width:120rem){html{font-size:125%}}
        @media print{:root{color-scheme:light}nav,.skip{display:none}section.verdict,tr,li,figure{break-inside:avoid}h2,thead{break-after:avoid}}
        """;

    /// <summary>Nothing is loaded, run, framed or sent.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
