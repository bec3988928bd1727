using System.Globalization;
using Caluma.Healthz.Benchmarks.Alerts;

const string Usage = "usage: alerts [MONTHS, such as 10] [BEGINNING OF A NAME, such as flat]";

if (args is not ["alerts", .. var rest] || rest.Length > 2)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var months = 5;
if (rest.Length > 0 && !(int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out months) && months is >= 1 and <= 1000))
{
    Console.Error.WriteLine($"The number of months must be a whole number from 1 to 1000; {Usage}");
    return 2;
}

return NoiseBenchmark.Run(months, rest.ElementAtOrDefault(1) ?? "", Console.Out);
