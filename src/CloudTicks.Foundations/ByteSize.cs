using System.Globalization;

namespace CloudTicks.Foundations;

/// <summary>Bytes as people read them, such as <c>81.5 GB</c>, in powers of a thousand as disks are sold.</summary>
public readonly record struct ByteSize(double Bytes)
{
    private const double Step = 1000;

    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>The number with one decimal, where it has one, and its unit.</summary>
    public override string ToString()
    {
        var (size, unit) = (Bytes, 0);
        // What would be rounded up to 1000 is 1 of the next unit.
        while (Math.Round(Math.Abs(size), 1) >= Step && unit < Units.Length - 1)
        {
            (size, unit) = (size / Step, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }

    /// <summary>Reads a size as people type it: 512MB, 1.5TB.</summary>
    /// <returns>False when it is none, or more than fits into 63 bits.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        decimal? unit = text.Length < 3 ? null : text[^2..].ToUpperInvariant() switch
        {
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => null,
        };
        if (unit is null
            || !decimal.TryParse(
                text.AsSpan(0, text.Length - 2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > long.MaxValue / unit)
        {
            return false;
        }

        bytes = (long)(count * unit.Value);
        return true;
    }
}
