using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Translates the parameters that redis-py takes in a URL (https://redis.readthedocs.io/en/stable/connections.html). Those of timeouts and
/// pools are ignored; those of TLS, credentials and names are taken over.
/// </summary>
internal static class RedisParameters
{
    private const string Authorities = "ssl_ca_certs";
    private const string NameCheck = "ssl_check_hostname";

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

        var file = parameters[Authorities];
        X509Certificate2Collection authorities = file is null ? [] : RedisTrust.Read(file);
        if (file is not null && authorities.Count == 0)
        {
            problem(NoCertificate(Authorities, file));
            return false;
        }

        var anyName = parameters[NameCheck] is { } check && check.ToUpperInvariant() is not ("TRUE" or "1");
        if (file is not null || anyName)
        {
            var trust = new RedisTrust(authorities, anyName);
            options.CertificateValidation += (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors);
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

            case Authorities or "ssl_certfile" or "ssl_keyfile" when !File.Exists(value):
                return $"names {SettingsReader.Printable(value)} in {name}, which is not there";
            case "ssl_certfile":
                return TrySetCertificate(options, value, parameters["ssl_keyfile"]) ? null : $"{NoCertificate(name, value)} with its key";
            case "ssl_keyfile":
                return parameters["ssl_certfile"] is null ? "has ssl_keyfile without ssl_certfile" : null;

            case Authorities or NameCheck:
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

    private static string NoCertificate(string name, string file) =>
        $"names {SettingsReader.Printable(file)} in {name}, which holds no certificate in PEM form";

    private static bool TrySetCertificate(ConfigurationOptions options, string file, string? keyFile)
    {
        try
        {
            options.SetUserPemCertificate(file, keyFile);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
