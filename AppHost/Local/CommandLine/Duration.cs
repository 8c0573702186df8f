using System.CommandLine.Parsing;
using System.Globalization;

namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>Durations as people type them: 30s, 5m, 1.5h.</summary>
internal static class Duration
{
    private const string Form = "takes a time such as 30s, 5m or 1h";

    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (TryParse(text, out var duration))
        {
            return duration;
        }

        result.AddError($"--for {Form}, not '{text}'.");
        return null;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        double? seconds = text.Length < 2 ? null : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => null };
        if (seconds is null
            || !double.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count <= 0 || count * seconds > TimeSpan.FromDays(30).TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds.Value);
        return true;
    }
}
