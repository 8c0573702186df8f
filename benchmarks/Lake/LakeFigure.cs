using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>A measured figure of the lake, and the same figure of another program if one was measured.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Ours">Our value.</param>
/// <param name="OtherSide">The other program; empty for none.</param>
/// <param name="Other">The other program's value, in the same unit; null for none.</param>
/// <param name="Goal">The value that ours should reach.</param>
internal sealed record LakeFigure(string What, string Unit, double Ours, string OtherSide, double? Other, string Goal)
{
    /// <summary>How many times better our value is; null without another program.</summary>
    public double? Ratio => Other is { } other ? Unit.EndsWith("/s", StringComparison.Ordinal) ? Ours / other : other / Ours : null;

    public static ResultTable Table(IReadOnlyList<LakeFigure> figures)
    {
        var table = new ResultTable("what", "ours", "other side", "other", "times better", "goal");
        foreach (var figure in figures)
        {
            table.Add(
                $"{figure.What}", $"{Text(figure.Ours)} {figure.Unit}", $"{figure.OtherSide}",
                $"{(figure.Other is { } other ? $"{Text(other)} {figure.Unit}" : "")}", $"{figure.Ratio:0.0}", $"{figure.Goal}");
        }

        return table;
    }

    private static string Text(double value) =>
        value.ToString(value >= 1_000 ? "N0" : value >= 100 ? "0" : "0.00", System.Globalization.CultureInfo.InvariantCulture);
}
