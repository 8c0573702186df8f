using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Streaming;

/// <summary>Intervals of the command line, by the rule of all times, up to the longest of the setting.</summary>
internal static class StreamInterval
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    public static bool TryParse(string text, out TimeSpan interval) =>
        TimeSetting.TryParse(text, out interval) && interval >= TimeSpan.Zero && interval <= Max;
}
