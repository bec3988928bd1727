namespace Caluma.Healthz.Dev;

/// <summary>The front door that is started.</summary>
internal enum FrontDoor
{
    /// <summary>The plain server.</summary>
    Server,

    /// <summary>The Functions app, by Core Tools.</summary>
    Functions,
}
