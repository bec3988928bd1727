namespace Caluma.Healthz.Tests.Configuration;

/// <summary>
/// Caluma keeps stray characters at the ends of a value, so they are a problem and not trimmed. Client libraries throw at a null character.
/// </summary>
public sealed class ValueEdgesTests
{
    public static TheoryData<string, string> Edges => new()
    {
        { "{0}\n", "ends with a line break" },
        { "{0}\r", "ends with a line break" },
        { "{0}\r\n", "ends with a line break" },
        { " {0}", "begins with white space" },
        { "{0}\t", "ends with white space" },
        { "{0}\u00A0", "ends with white space" },
        { " {0} ", "begins and ends with white space" },
        { "\n{0} ", "begins with a line break and ends with white space" },
        { "\uFEFF{0}", "begins with an invisible character" },
        { "{0}\u200B", "ends with an invisible character" },
        { "\"{0}\"", "begins and ends in quotes, which are part of the value" },
        { "'{0}'", "begins and ends in quotes, which are part of the value" },
        { "{0}\0{0}", "has a null character in it" },
        { "“{0}”", "begins and ends in quotes, which are part of the value" },
    };

    [Theory]
    [MemberData(nameof(Edges))]
    public void Stray_characters_at_the_ends_of_a_value_are_described_without_the_value(string form, string problem)
    {
        foreach (var (setting, value) in new[]
        {
            ("DATABASE_HOST", "db"), ("DATABASE_PORT", "5432"), ("DATABASE_NAME", "caluma"),
            ("DATABASE_USER", "caluma"), ("DATABASE_PASSWORD", "s3cret"),
            ("CACHE_BACKEND", "django.core.cache.backends.redis.RedisCache"), ("MEDIA_STORAGE_SERVICE", "minio"),
            ("MINIO_STORAGE_ENDPOINT", "minio:9000"), ("MINIO_STORAGE_ACCESS_KEY", "key"), ("MINIO_STORAGE_SECRET_KEY", "s3cret"),
            ("MINIO_STORAGE_MEDIA_BUCKET_NAME", "media"), ("MINIO_STORAGE_REGION_NAME", "eu"),
            ("WATCHMAN_CHECKS", "watchman.checks.databases"),
            ("PGSSLMODE", "require"), ("PGTARGETSESSIONATTRS", "any"), ("PGPASSWORD", "s3cret"), ("PGOPTIONS", "-c"),
            ("PGAPPNAME", "probe"),
            ("Healthz__Databases__other", "postgres://u:s3cret@db"), ("Healthz__Caches__other", "redis://:s3cret@cache"),
            ("Healthz__MediaStorage__ConnectionString", "UseDevelopmentStorage=true"), ("Healthz__Timeout", "00:00:05"),
            ("Healthz__Migrations__CalumaVersion", "9.3.3"), ("Healthz__Checks", "databases"), ("Healthz__Slo", "99"),
        })
        {
            var problems = Settings.Read("CACHE_LOCATION=redis://cache", $"{setting}={string.Format(null, form, value)}").Problems;

            Assert.Contains((setting, problem), problems.Select(found => (found.Setting, found.Problem)));
            Assert.Single(problems, found => found.Setting == setting);
            Assert.DoesNotContain("s3cret", string.Concat(problems), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("p w")]
    [InlineData("\"pw")]
    [InlineData("p'w'")]
    [InlineData("'")]
    [InlineData("'p\"")]
    public void The_same_characters_inside_of_a_value_are_accepted(string password) =>
        Settings.ReadOptions($"DATABASE_PASSWORD={password}");

    [Theory]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT= true\n")]
    [InlineData("MINIO_STORAGE_USE_HTTPS=true ")]
    public void A_boolean_is_trimmed_as_in_Caluma(string setting) => Settings.ReadOptions(setting);

    [Fact]
    public void A_boolean_in_quotes_is_refused() => Assert.Equal(
        "begins and ends in quotes, which are part of the value", Settings.ReadProblem("ENABLE_HEALTHZ_ENDPOINT=\"true\"").Problem);

    [Fact]
    public void Two_quotes_alone_are_refused() => Assert.Equal(
        "begins and ends in quotes, which are part of the value", Settings.ReadProblem("DATABASE_PASSWORD=''").Problem);

    [Fact]
    public void The_ends_of_a_referenced_variable_are_checked() => Assert.Equal(
        ("POSTGRES_PASSWORD", "ends with a line break"), About("DATABASE_PASSWORD=$POSTGRES_PASSWORD", "POSTGRES_PASSWORD=s3cret\n"));

    private static (string Setting, string Problem) About(params string[] settings)
    {
        var problem = Settings.ReadProblem(settings);
        return (problem.Setting, problem.Problem);
    }
}
