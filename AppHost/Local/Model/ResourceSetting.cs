namespace Aspire.Hosting.ApplicationModel;

/// <summary>An environment variable of a service.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">What the manifest has: a text, or a reference such as <c>{nats.connectionString}</c>.</param>
/// <param name="Value">Read when the process starts, when the addresses of the others are known.</param>
internal sealed record ResourceSetting(string Name, string Expression, Func<string> Value);
