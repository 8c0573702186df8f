using System.Globalization;

namespace CloudTicks.Cli.Streaming;

/// <summary>Intervals of the command line: <c>500ms</c>, <c>1s</c>, or seconds alone, <c>1</c> or <c>0.25</c>.</summary>
internal static class StreamInterval
{
    /// <summary>The longest, as of the setting.</summary>
    private const double MostSeconds = 60;

    public static bool TryParse(string text, out TimeSpan interval)
    {
        var (digits, perSecond) = text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? (text[..^2], 1_000.0)
            : text.EndsWith('s') || text.EndsWith('S') ? (text[..^1], 1.0)
            : (text, 1.0);
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        interval = isNumber && number / perSecond <= MostSeconds ? TimeSpan.FromSeconds(number / perSecond) : default;
        return isNumber && number / perSecond <= MostSeconds;
    }
}
