using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>The parts of an option's ticker: <c>O:SPY251219C00650000</c>.</summary>
internal sealed record OptionContract(string Underlying, DateOnly Expiry, bool IsCall, long StrikeMills)
{
    private const int MillsPerDollar = 1_000;
    private const int TailLength = 15;
    private const int DateLength = 6;
    private const int MaxRootLength = 6;

    public string Ticker =>
        string.Create(CultureInfo.InvariantCulture, $"O:{Underlying}{Expiry:yyMMdd}{(IsCall ? 'C' : 'P')}{StrikeMills:D8}");

    public decimal Strike => (decimal)StrikeMills / MillsPerDollar;

    public static bool TryParse(string ticker, [NotNullWhen(true)] out OptionContract? contract)
    {
        contract = null;
        var rootLength = ticker.Length - TailLength - 2;
        if (!ticker.StartsWith("O:", StringComparison.Ordinal) || rootLength is < 1 or > MaxRootLength)
            return false;
        var root = ticker.Substring(2, rootLength);
        var tail = ticker[^TailLength..];
        if (!root.All(char.IsAsciiLetterOrDigit) || tail[DateLength] is not ('C' or 'P')
            || !DateOnly.TryParseExact(
                tail.AsSpan(0, DateLength), "yyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var expiry)
            || !long.TryParse(tail.AsSpan(DateLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var strike))
        {
            return false;
        }

        contract = new OptionContract(root, expiry, tail[DateLength] == 'C', strike);
        return true;
    }
}
