using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Verifying;

/// <summary>Parses durations on the command line, in the format of time settings, up to a week.</summary>
internal static class Length
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(7);

    public static bool TryParse(string text, out TimeSpan length) =>
        TimeSetting.TryParse(text, out length) && length > TimeSpan.Zero && length <= Max;
}
