using System.Data.Common;

namespace CloudTicks.AppHost;

/// <summary>
/// An Event Hubs namespace without a key. The Event Hubs trigger does not read it from a connection string, but from the settings of an
/// identity: <c>NAME__fullyQualifiedNamespace</c>, and for a managed identity of its own <c>NAME__clientId</c>.
/// </summary>
internal static class KeylessNamespace
{
    /// <summary>The environment variables; none where the connection string has a key or names no namespace.</summary>
    /// <param name="name">The name of the connection.</param>
    /// <param name="connectionString">As the other services take it, such as <c>Endpoint=https://NAME.servicebus.windows.net/</c>.</param>
    public static IReadOnlyDictionary<string, string> Settings(string name, string? connectionString)
    {
        var settings = new Dictionary<string, string>();
        if (connectionString?.Contains('=', StringComparison.Ordinal) != true)
        {
            return settings;
        }

        var fields = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (Field("SharedAccessKey") is not null || !Uri.TryCreate(Field("Endpoint"), UriKind.Absolute, out var endpoint))
        {
            return settings;
        }

        settings[$"{name}__fullyQualifiedNamespace"] = endpoint.Host;
        if (Field("ClientId") is { } client)
        {
            settings[$"{name}__credential"] = "managedidentity";
            settings[$"{name}__clientId"] = client;
        }

        return settings;

        string? Field(string field) => fields.TryGetValue(field, out var value) ? (string)value : null;
    }
}
