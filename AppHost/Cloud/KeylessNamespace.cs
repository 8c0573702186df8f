using System.Data.Common;

namespace CloudTicks.AppHost;

/// <summary>
/// An Event Hubs namespace without a key. The Event Hubs trigger does not accept a connection string for it, but reads the identity
/// settings <c>NAME__fullyQualifiedNamespace</c> and, for a user-assigned managed identity, <c>NAME__clientId</c>.
/// </summary>
internal static class KeylessNamespace
{
    /// <summary>The environment variables; empty if the connection string has a key or names no namespace.</summary>
    /// <param name="name">The name of the connection.</param>
    /// <param name="connectionString">
    /// In the form that the other services read, such as <c>Endpoint=https://NAME.servicebus.windows.net/</c>.
    /// </param>
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
