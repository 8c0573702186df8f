using System.Text;

namespace CloudTicks.Polygon.Sessions;

/// <summary>The text of a status for logs: never empty, of limited length, and without the API key.</summary>
internal static class StatusText
{
    private const int MaxLength = 1_000;
    private const int MaxElementBytes = 4 * MaxLength;

    /// <summary>The message, or the whole status if it has none.</summary>
    public static string Of(string message, ReadOnlySpan<byte> element, PolygonApiKey apiKey) =>
        string.IsNullOrWhiteSpace(message) ? $"no reason given, only {Raw(element, apiKey)}" : Cut(apiKey.Redact(message.Trim()));

    public static string Raw(ReadOnlySpan<byte> element, PolygonApiKey apiKey) =>
        Cut(apiKey.Redact(Encoding.UTF8.GetString(element[..Math.Min(element.Length, MaxElementBytes)])));

    private static string Cut(string text) => text.Length > MaxLength ? text[..MaxLength] + "..." : text;
}
