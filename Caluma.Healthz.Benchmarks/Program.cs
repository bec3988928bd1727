using System.Globalization;
using Caluma.Healthz.Benchmarks;
using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Benchmarks.Micro;

const string Usage = "usage: table FOLDER [--only NAME] [--rounds N] [--format json] | micro [ARGUMENT OF BenchmarkDotNet...] "
    + "| alerts [MONTHS, such as 10] [BEGINNING OF A NAME, such as flat]";

switch (args)
{
    case ["table", _, ..]:
        return await BenchTable.RunAsync(args[1..], Console.Out, Console.Error);
    case ["micro", .. var arguments]:
        return MicroBenchmarks.Run(arguments);
    case ["alerts", .. { Length: <= 2 } rest]:
        var months = 5;
        if (rest.Length > 0
            && !(int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out months) && months is >= 1 and <= 1000))
        {
            Console.Error.WriteLine($"The number of months must be a whole number from 1 to 1000; {Usage}");
            return 2;
        }

        return NoiseBenchmark.Run(months, rest.ElementAtOrDefault(1) ?? "", Console.Out);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
