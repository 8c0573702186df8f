using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Streaming;

/// <summary>Parses intervals on the command line, in the format of time settings, up to the maximum of the collector's setting.</summary>
internal static class StreamInterval
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    public static bool TryParse(string text, out TimeSpan interval) =>
        TimeSetting.TryParse(text, out interval) && interval >= TimeSpan.Zero && interval <= Max;
}
