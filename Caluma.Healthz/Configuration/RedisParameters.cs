using System.Collections.Specialized;
using System.Net.Security;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Translates the parameters that redis-py takes in a URL (https://redis.readthedocs.io/en/stable/connections.html). Those of timeouts and
/// pools are ignored; those of TLS, credentials and names are taken over.
/// </summary>
internal static class RedisParameters
{
    /// <value>Like redis-py by default, .NET speaks no TLS below 1.2.</value>
    private static readonly string[] _harmless = ["ssl_min_version", "ssl_ciphers", "ssl_validate_ocsp", "ssl_validate_ocsp_stapled"];

    /// <returns>Whether all parameters are known.</returns>
    public static bool Apply(ConfigurationOptions options, NameValueCollection parameters, Action<string> problem, Action<string> remark)
    {
        var harmless = parameters.AllKeys.OfType<string>()
            .Where(name => name is not "db" && (_harmless.Contains(name) || !name.StartsWith("ssl", StringComparison.Ordinal)))
            .ToList();
        foreach (var name in parameters.AllKeys.OfType<string>())
        {
            if (Refusal(options, name, parameters[name] ?? "", parameters) is { } refusal)
            {
                problem(refusal);
                return false;
            }
        }

        if (harmless.Count > 0)
        {
            remark($"{string.Join(", ", harmless.Select(name => SettingsReader.Printable(name)))} make no difference to a verdict");
        }

        return true;
    }

    private static string? Refusal(ConfigurationOptions options, string name, string value, NameValueCollection parameters)
    {
        switch (name)
        {
            // A TLS server always sends its certificate, so that optional means required.
            case "ssl_cert_reqs" when value.ToUpperInvariant() is "REQUIRED" or "OPTIONAL":
                return null;
            case "ssl_cert_reqs":
                return $"has ssl_cert_reqs={SettingsReader.Printable(value)}, with which any certificate would do "
                    + "(name the authority of the server's certificate in ssl_ca_certs, or in SSL_CERT_FILE for the whole probe)";

            case "ssl_check_hostname" when value.ToUpperInvariant() is "TRUE" or "1":
                return null;
            case "ssl_check_hostname":
                options.CertificateValidation += (_, _, _, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
                return null;

            case "ssl_ca_certs" or "ssl_certfile" or "ssl_keyfile" when !File.Exists(value):
                return $"names {SettingsReader.Printable(value)} in {name}, which is not there";
            case "ssl_ca_certs":
                options.TrustIssuer(value);
                return null;
            case "ssl_certfile":
                options.SetUserPemCertificate(value, parameters["ssl_keyfile"]);
                return null;
            case "ssl_keyfile":
                return parameters["ssl_certfile"] is null ? "has ssl_keyfile without ssl_certfile" : null;

            case var _ when _harmless.Contains(name):
                return null;
            case "ssl_ca_path" or "ssl_ca_data":
                return $"has {name}, which the probe cannot follow (write the certificates into a file and name it in ssl_ca_certs)";

            case "username" or "password":
            case var _ when name.StartsWith("ssl", StringComparison.Ordinal):
                return $"has a parameter that is not understood: {SettingsReader.Printable(name)}";
            default:
                return null;
        }
    }
}
