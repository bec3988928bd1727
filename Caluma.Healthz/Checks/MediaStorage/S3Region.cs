using System.Text.RegularExpressions;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// Finds the region to sign requests for where none is configured, as minio-py does (api.py, _get_region): in the host name of AWS, or else
/// by asking for the bucket's location.
/// </summary>
internal static partial class S3Region
{
    /// <summary>The region that signs the question for the location, and the meaning of an empty answer.</summary>
    public const string Default = "us-east-1";

    /// <returns>Null where the host name has no region.</returns>
    public static string? Of(Uri endpoint) => AwsHost().Match(endpoint.Host) is { Success: true } host ? host.Groups["region"].Value : null;

    /// <param name="location">The location that the bucket told.</param>
    /// <param name="endpoint">The address of the store.</param>
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
