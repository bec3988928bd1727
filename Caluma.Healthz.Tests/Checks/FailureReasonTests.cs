using System.Security.Cryptography;
using Azure;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Checks.MediaStorage;
using Npgsql;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>The reasons of refusals that a real server can hardly be made to give. The others are in the fault tests.</summary>
public sealed class FailureReasonTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.CannotConnectNow, Reason.Busy)] // "The database system is starting up."
    [InlineData(PostgresErrorCodes.DeadlockDetected, Reason.Busy)]
    [InlineData(PostgresErrorCodes.SerializationFailure, Reason.Busy)]
    [InlineData(PostgresErrorCodes.AdminShutdown, Reason.Connect)]
    [InlineData(PostgresErrorCodes.TooManyConnections, Reason.Full)]
    [InlineData(PostgresErrorCodes.DiskFull, Reason.Full)]
    [InlineData(PostgresErrorCodes.OutOfMemory, Reason.Full)]
    [InlineData(PostgresErrorCodes.InvalidAuthorizationSpecification, Reason.Auth)]
    [InlineData(PostgresErrorCodes.UndefinedColumn, Reason.Missing)]
    [InlineData(PostgresErrorCodes.ProtocolViolation, Reason.Protocol)]
    [InlineData(PostgresErrorCodes.InternalError, Reason.Unknown)]
    public void An_exception_of_Npgsql_has_its_reason(string sqlState, Reason reason) =>
        Assert.Equal(reason, DatabaseFailure.ReasonFor(new PostgresException("", "FATAL", "FATAL", sqlState)));

    [Theory]
    [InlineData(typeof(CryptographicException))]
    [InlineData(typeof(FileNotFoundException))]
    [InlineData(typeof(DirectoryNotFoundException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public void A_client_certificate_that_cannot_be_read_has_the_reason_tls(Type failure) =>
        Assert.Equal(Reason.Tls, DatabaseFailure.ReasonFor((Exception)Activator.CreateInstance(failure)!));

    [Theory]
    [InlineData("LOADING Redis is loading the dataset in memory", Reason.Busy)]
    [InlineData("BUSY Redis is busy running a script.", Reason.Busy)]
    [InlineData("CLUSTERDOWN The cluster is down", Reason.Busy)]
    [InlineData("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", Reason.ReadOnly)]
    [InlineData("READONLY You can't write against a read only replica.", Reason.ReadOnly)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", Reason.ReadOnly)]
    [InlineData("ERR max number of clients reached", Reason.Full)]
    [InlineData("ERR DB index is out of range", Reason.Missing)]
    [InlineData("ERR AUTH <password> called without any password configured for the default user.", Reason.Auth)]
    [InlineData("ERR syntax error", Reason.Protocol)]
    [InlineData("SimpleError: NOAUTH Authentication required.", Reason.Auth)]
    public void An_exception_of_the_Redis_client_has_its_reason(string message, Reason reason) =>
        Assert.Equal(reason, RedisFailure.ReasonFor(new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, message)));

    [Theory]
    [InlineData(403, "AuthenticationFailed", Reason.Auth)]
    [InlineData(400, "InvalidAuthenticationInfo", Reason.Auth)]
    [InlineData(403, "AuthorizationPermissionMismatch", Reason.Permission)]
    [InlineData(404, "ContainerNotFound", Reason.Missing)]
    [InlineData(409, "ContainerBeingDeleted", Reason.Missing)]
    [InlineData(500, "OperationTimedOut", Reason.Timeout)]
    [InlineData(500, "InternalError", Reason.Busy)]
    [InlineData(503, "ServerBusy", Reason.Busy)]
    [InlineData(429, null, Reason.Busy)]
    [InlineData(413, "RequestBodyTooLarge", Reason.Full)]
    public void An_exception_of_the_Azure_client_has_its_reason(int status, string? code, Reason reason) =>
        Assert.Equal(reason, BlobFailure.ReasonFor(new RequestFailedException(status, "", code, null)));

    [Fact]
    public void A_fault_of_the_program_is_no_failure_of_the_storage()
    {
        Assert.True(BlobFailure.Covers(new TaskCanceledException()));
        Assert.True(BlobFailure.Covers(new RequestFailedException(403, "")));
        Assert.False(BlobFailure.Covers(new InvalidOperationException()));
    }
}
