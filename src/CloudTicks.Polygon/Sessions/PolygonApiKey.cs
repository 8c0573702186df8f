using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Sessions;

/// <summary>The API key, only from <c>POLYGON_API_KEY</c>. Never part of an address, a log line or an exception.</summary>
public sealed class PolygonApiKey(IConfiguration configuration)
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "POLYGON_API_KEY";

    internal string Value { get; } = configuration[Setting]?.Trim() ?? "";

    /// <summary>Whether the key is set.</summary>
    public bool IsSet => Value.Length > 0;

    /// <summary>Removes the key from a text of another origin.</summary>
    internal string Redact(string text) => IsSet ? text.Replace(Value, ToString(), StringComparison.Ordinal) : text;

    /// <summary>A placeholder instead of the key.</summary>
    public override string ToString() => "***";
}
