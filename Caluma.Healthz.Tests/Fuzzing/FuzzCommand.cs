using SharpFuzz;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary><c>./dev fuzz</c>, whose process this is: the program that afl-fuzz feeds, and what is done before and after.</summary>
internal static class FuzzCommand
{
    /// <summary>The first argument; the second says what to do.</summary>
    public const string Command = "fuzz";

    public static int Run(string[] args)
    {
        switch (args[1..])
        {
            case ["targets"]:
                Console.WriteLine(string.Join('\n', FuzzTargets.All.Select(target => target.Name)));
                return 0;
            case ["instrument", var assembly]:
                Fuzzer.Instrument(assembly, _ => true, Options.Value);
                return 0;
            case ["take", var name]:
                Feed(FuzzTargets.Of(name));
                return 0;
            case ["retry", var name, .. var files]:
                return Retry(FuzzTargets.Of(name), files);
            default:
                throw new ArgumentException("fuzz targets, fuzz instrument ASSEMBLY, fuzz take TARGET or fuzz retry TARGET FILE...");
        }
    }

    private static void Feed(FuzzTarget target) => Fuzzer.Run(stream =>
    {
        try
        {
            target.HoldInTime(ReadAll(stream));
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            throw;
        }
    });

    /// <summary>Takes inputs that have shown a fault once more, in a program that is not instrumented.</summary>
    private static int Retry(FuzzTarget target, IEnumerable<string> files)
    {
        var faults = 0;
        foreach (var file in files)
        {
            try
            {
                target.HoldInTime(File.ReadAllBytes(file));
            }
            catch (Exception exception)
            {
                faults++;
                Console.WriteLine($"{file}:\n{Convert.ToBase64String(File.ReadAllBytes(file))}\n{exception}\n");
            }
        }

        return faults > 0 ? 1 : 0;
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
