using System.CommandLine.Parsing;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>Parses the duration of a run, in the format of time settings, at most 30 days.</summary>
internal static class Duration
{
    private const string ExpectedFormat = "takes a time such as 30s, 5m or 1h";

    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (TryParse(text, out var duration))
        {
            return duration;
        }

        result.AddError($"--for {ExpectedFormat}, not '{text}'.");
        return null;
    }

    public static bool TryParse(string text, out TimeSpan duration) =>
        TimeSetting.TryParse(text, out duration) && duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(30);
}
