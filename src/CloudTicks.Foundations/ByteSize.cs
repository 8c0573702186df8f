using System.Globalization;

namespace CloudTicks.Foundations;

/// <summary>A human-readable size such as <c>81.5 GB</c>, in powers of a thousand like the sizes of disks.</summary>
public readonly record struct ByteSize(double Bytes)
{
    private const double Step = 1000;

    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>The number with at most one decimal, and its unit.</summary>
    public override string ToString()
    {
        var (size, unit) = (Bytes, 0);
        // A number that rounds to 1000 moves to the next unit.
        while (Math.Round(Math.Abs(size), 1) >= Step && unit < Units.Length - 1)
        {
            (size, unit) = (size / Step, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }

    /// <summary>Parses a size such as 512MB or 1.5TB.</summary>
    /// <returns>False when it is not a size, or exceeds 63 bits.</returns>
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
