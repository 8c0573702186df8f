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
}
