namespace Caluma.Healthz.Servers;

/// <summary>A request that a <see cref="NotificationReceiver"/> has accepted.</summary>
internal sealed record ReceivedPost(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
