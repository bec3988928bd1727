using System.Text.RegularExpressions;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// The region that requests are signed for where none is configured, found as minio-py finds it (api.py, _get_region): from the name of
/// AWS's host, or else from the bucket, which is asked for its location.
/// </summary>
internal static partial class S3Region
{
    /// <summary>What a bucket's location is asked with, and what an empty location stands for.</summary>
    public const string Default = "us-east-1";

    /// <returns>Null where the host does not say.</returns>
    public static string? Of(Uri endpoint) => AwsHost().Match(endpoint.Host) is { Success: true } host ? host.Groups["region"].Value : null;

    /// <param name="location">What the bucket says.</param>
    /// <param name="endpoint">Where it is.</param>
    public static string Of(string? location, Uri endpoint) => location switch
    {
        null or "" => Default,
        "EU" when endpoint.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase) => "eu-west-1",
        _ => location,
    };

    [GeneratedRegex(
        @"(^|\.)s3[.-]((dualstack|fips)[.-])?(dualstack\.)?(?<region>[a-z]{2}(-[a-z]+)+-\d+)\.amazonaws\.com(\.cn)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex AwsHost();
}
