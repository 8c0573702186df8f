using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The API key, which is read only from <c>POLYGON_API_KEY</c> and is never part of an address, a log line or an exception.
/// </summary>
public sealed class PolygonApiKey(IConfiguration configuration)
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "POLYGON_API_KEY";

    internal string Value { get; } = configuration[Setting]?.Trim() ?? "";

    /// <summary>Whether the key is set.</summary>
    public bool IsSet => Value.Length > 0;

    /// <summary>Replaces the key with <c>***</c> in a text that may contain it.</summary>
    internal string Redact(string text) => IsSet ? text.Replace(Value, ToString(), StringComparison.Ordinal) : text;

    /// <summary>A placeholder, so that the key is never printed.</summary>
    public override string ToString() => "***";
}
