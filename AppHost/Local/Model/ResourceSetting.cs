namespace Aspire.Hosting.ApplicationModel;

/// <summary>An environment variable of a service.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Expression">The text in the manifest: a literal, or a reference such as <c>{nats.connectionString}</c>.</param>
/// <param name="Value">Evaluated when the process starts, after the addresses of the other resources are known.</param>
internal sealed record ResourceSetting(string Name, string Expression, Func<string> Value);
