namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>What is wrong with a server: a row of the fault matrix in docs/testing.md.</summary>
internal enum SystemFault
{
    Refused,
    BlackHole,
    Silent,
    Cut,
    Garbage,
    Endless,
    SlowDrip,
    WrongCredentials,
    NoTls,
    UntrustedCertificate,
    ExpiredCertificate,
    UnknownName,
    NameThatHangs,
    Full,
    ReadOnly,
    Overloaded,
    HalfOpen,
    WrongClock,
}
