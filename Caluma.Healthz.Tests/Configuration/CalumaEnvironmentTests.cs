using Npgsql;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>The results of <c>environ.Env().str(…)</c> of django-environ 0.10, from its source and its tests.</summary>
public sealed class CalumaEnvironmentTests
{
    [Theory]
    [InlineData("s3cret", "$POSTGRES_PASSWORD", "POSTGRES_PASSWORD=s3cret")]
    [InlineData("s3cret", "$$POSTGRES_PASSWORD", "POSTGRES_PASSWORD=s3cret")]
    [InlineData("s3cret", "$ONE", "ONE=$TWO", "TWO=s3cret")]
    [InlineData("", "$EMPTY", "EMPTY=")]
    [InlineData("\\$POSTGRES_PASSWORD", "\\$POSTGRES_PASSWORD", "POSTGRES_PASSWORD=s3cret")]
    [InlineData("a$POSTGRES_PASSWORD", "a$POSTGRES_PASSWORD", "POSTGRES_PASSWORD=s3cret")]
    [InlineData("braced", "${POSTGRES_PASSWORD}", "{POSTGRES_PASSWORD}=braced", "POSTGRES_PASSWORD=s3cret")]
    public void A_password_may_be_a_reference_to_another_variable(string expected, string password, params string[] others)
    {
        var options = Settings.Read([.. others, $"DATABASE_PASSWORD={password}"]).Options;

        Assert.Equal(
            expected, new NpgsqlConnectionStringBuilder(Assert.Single(options.Databases).ConnectionString).Password ?? "");
    }

    [Theory]
    [InlineData("DATABASE_HOST=$DB_HOST", "DB_HOST=ours", "ours:5432/caluma as caluma")]
    [InlineData("DATABASE_PORT=$DB_PORT", "DB_PORT=5433", "db:5433/caluma as caluma")]
    [InlineData("DATABASE_NAME=$POSTGRES_DB", "POSTGRES_DB=ours", "db:5432/ours as caluma")]
    [InlineData("DATABASE_USER=$POSTGRES_USER", "POSTGRES_USER=ours", "db:5432/caluma as ours")]
    [InlineData("DATABASE_HOST=$NOT_THERE", "DB_HOST=ours", "localhost:5432/caluma as caluma")]
    [InlineData("DATABASE_NAME=$", "DB_HOST=ours", "db:5432/caluma as caluma")]
    public void The_database_settings_may_be_references(string setting, string other, string shown)
    {
        var configuration = Settings.Read(setting, other);

        Assert.Empty(configuration.Problems);
        Assert.StartsWith(shown, configuration.Values.Single(value => value.Name == "database default").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void All_other_settings_of_Caluma_may_be_references()
    {
        var configuration = Settings.Read(
            "CACHE_BACKEND=$BACKEND", "BACKEND=django.core.cache.backends.redis.RedisCache",
            "CACHE_LOCATION=$REDIS", "REDIS=redis://ours/1",
            "MINIO_STORAGE_ENDPOINT=$MINIO", "MINIO=ours:9000", "MINIO_STORAGE_SECRET_KEY=$MINIO_KEY", "MINIO_KEY=s3cret",
            "MINIO_STORAGE_MEDIA_BUCKET_NAME=$BUCKET", "BUCKET=ours", "MINIO_STORAGE_USE_HTTPS=$TLS", "TLS=1",
            "WATCHMAN_CHECKS=$CHECKS", "CHECKS=watchman.checks.caches,caluma.caluma_core.health_checks.check_media_storage_service",
            "ENABLE_HEALTHZ_ENDPOINT=$SWITCH", "SWITCH=on");

        Assert.Empty(configuration.Problems);
        Assert.True(configuration.Options.Enabled);
        var storage = Assert.IsType<Healthz.Configuration.S3StorageOptions>(configuration.Options.MediaStorage);
        Assert.Equal(("https://ours:9000/", "s3cret", "ours"), ($"{storage.Endpoint}", storage.SecretKey, storage.Bucket));
        Assert.Contains(configuration.Values, value => value is { Name: "cache default", Value: "ours:6379/1" });
        Assert.Equal(CheckSet.Of(Check.Caches, Check.MediaStorageService), configuration.Options.Checks);
    }

    [Theory]
    [InlineData("$NOT_s3cret", "begins with $, which Caluma takes for a reference to another variable, and there is none of that name")]
    [InlineData("${s3cret}", "begins with $, which Caluma takes for a reference to another variable, and there is none of that name "
        + "($NAME is the only form: ${NAME} is not known)")]
    public void A_password_that_refers_to_an_unset_variable_is_a_problem(string password, string problem)
    {
        var found = Settings.ReadProblem($"DATABASE_PASSWORD={password}");

        Assert.Equal(("DATABASE_PASSWORD", problem), (found.Setting, found.Problem));
        Assert.DoesNotContain("s3cret", $"{found}", StringComparison.Ordinal);
    }

    [Fact]
    public void In_development_the_password_has_a_default()
    {
        foreach (var settings in new string[][] { ["ENV=development"], ["ENV=dev", "DATABASE_PASSWORD=$NOT_THERE"], ["ENV="] })
        {
            Assert.Equal(
                "caluma",
                new NpgsqlConnectionStringBuilder(Assert.Single(Settings.ReadOptions(settings).Databases).ConnectionString).Password);
        }
    }

    [Fact]
    public void Circular_references_are_a_problem() => Assert.Equal(
        "DATABASE_NAME refers to other variables ($NAME) in a circle; expected a value, or a reference that ends at one",
        $"{Settings.ReadProblem("DATABASE_NAME=$ONE", "ONE=$TWO", "TWO=$ONE")}");

    [Fact]
    public void A_reference_to_an_unset_variable_with_a_default_gets_a_remark_without_a_secret()
    {
        var remarks = Settings.Read("DATABASE_HOST=$NOT_THERE", "MINIO_STORAGE_SECRET_KEY=$s3cret").Remarks;

        Assert.Equal(["DATABASE_HOST", "MINIO_STORAGE_SECRET_KEY"], from remark in remarks
                                                                    where remark.Contains(" refers to ", StringComparison.Ordinal)
                                                                    select remark.Split(' ')[0]);
        Assert.DoesNotContain("s3cret", string.Concat(remarks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATABASE_URL=postgres://u:s3cret@db")]
    [InlineData("CACHE_URL=redis://:s3cret@cache")]
    [InlineData("ENV_FILE=/run/s3cret")]
    [InlineData("PGSERVICE=s3cret")]
    public void A_variable_that_is_never_read_gets_a_remark(string setting)
    {
        var remark = Assert.Single(Settings.Read(setting).Remarks, remark =>
            remark.StartsWith(setting.Split('=')[0] + " ", StringComparison.Ordinal));

        Assert.DoesNotContain("s3cret", remark, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_export_in_it_is_a_problem() => Assert.Equal(
        "export DATABASE_NAME has the shell's word export in its name; expected the name without it",
        $"{Settings.ReadProblem("export DATABASE_NAME=caluma")}");
}
