using System.Globalization;

namespace CloudTicks.Cli.Usage;

/// <summary>A count before its noun: <c>1 tick</c>, <c>2,300 ticks</c>.</summary>
internal static class Counted
{
    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
