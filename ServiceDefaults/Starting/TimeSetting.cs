using System.ComponentModel;
using System.Globalization;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Parses durations in settings and options: <c>500ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>, <c>hh:mm:ss</c> or
/// <c>d.hh:mm:ss</c>. A plain number means seconds in an option. A setting accepts only the plain number 0, because .NET reads plain
/// numbers as days: an old retention of <c>3</c>, written in days, must not become 3 seconds.
/// </summary>
public static class TimeSetting
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("", 1)];

    private static readonly TypeDescriptionProvider Registration =
        TypeDescriptor.AddAttributes(typeof(TimeSpan), new TypeConverterAttribute(typeof(Converter)));

    /// <summary>Parses a text; only the forms with colons may be negative.</summary>
    /// <returns>False if it is not a duration.</returns>
    public static bool TryParse(string text, out TimeSpan time)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time);
        }

        var (unit, seconds) = Units.First(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        var isTime = double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds < TimeSpan.MaxValue.TotalSeconds;
        time = isTime ? TimeSpan.FromSeconds(number * seconds) : default;
        return isTime;
    }

    /// <summary>Formats a duration in the largest unit that divides it: <c>90s</c>, <c>1m</c>.</summary>
    public static string Text(TimeSpan time)
    {
        var (unit, seconds) = Units.Where(unit => unit.Unit.Length > 0).Reverse()
            .FirstOrDefault(unit => time != TimeSpan.Zero && time.Ticks % TimeSpan.FromSeconds(unit.Seconds).Ticks == 0, Units[1]);
        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds / seconds:0.######}{unit}");
    }

    /// <summary>Makes the configuration binder parse durations with this class.</summary>
    internal static void Register() => _ = Registration;

    private sealed class Converter : TimeSpanConverter
    {
        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            value is not string text ? base.ConvertFrom(context, culture, value)
            : TryParse(text.Trim(), out var time) && (time == TimeSpan.Zero || !char.IsAsciiDigit(text.Trim()[^1]) || text.Contains(':'))
                ? time
            : throw new FormatException($"'{text}' is not a time.");
    }
}
