using System.Globalization;

namespace CloudTicks.Cli.Verifying;

/// <summary>Lengths of time of the command line: <c>500ms</c>, <c>20s</c>, <c>5m</c>, <c>1h</c>, <c>2d</c>, or seconds alone.</summary>
internal static class Length
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("", 1)];

    public static bool TryParse(string text, out TimeSpan length)
    {
        var (unit, seconds) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        length = default;
        if (!double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number * seconds > Most.TotalSeconds)
        {
            return false;
        }

        length = TimeSpan.FromSeconds(number * seconds);
        return length > TimeSpan.Zero;
    }
}
