using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Sessions;

/// <summary>The API key, from <c>POLYGON_API_KEY</c> alone; never part of an address, a log line or an exception.</summary>
public sealed class PolygonApiKey(IConfiguration configuration)
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "POLYGON_API_KEY";

    internal string Value { get; } = configuration[Setting]?.Trim() ?? "";

    /// <summary>Whether there is one.</summary>
    public bool IsSet => Value.Length > 0;

    /// <summary>Takes the key out of a text that came from elsewhere.</summary>
    internal string Redact(string text) => IsSet ? text.Replace(Value, ToString(), StringComparison.Ordinal) : text;

    /// <summary>Never the key.</summary>
    public override string ToString() => "***";
}
