using System.Globalization;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Manifests;

/// <summary>A day (UTC) of ticks of one kind and market, which one manifest describes.</summary>
public readonly record struct LakeDay(TickKind Kind, Market Market, DateOnly Date)
{
    private const string DateFormat = "yyyy-MM-dd";
    private const string KindKey = "kind=";
    private const string MarketKey = "market=";
    private const string DateKey = "date=";

    /// <summary>The day of a tick.</summary>
    /// <param name="timestampMs">Unix ms, UTC.</param>
    public static LakeDay Of(TickKind kind, Market market, long timestampMs) =>
        new(kind, market, DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).UtcDateTime));

    /// <summary>The day's folder, such as <c>kind=quote/market=forex/date=2026-11-21</c>.</summary>
    public string Folder =>
        $"{KindKey}{Kind.Name()}/{MarketKey}{Market.Name()}/{DateKey}{Date.ToString(DateFormat, CultureInfo.InvariantCulture)}";

    /// <summary>The beginning of the day, Unix ms, UTC.</summary>
    public long StartMs => new DateTimeOffset(Date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The beginning of the next day, Unix ms, UTC.</summary>
    public long EndMs => StartMs + (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>Parses the day's folder at the beginning of a name.</summary>
    /// <param name="rest">The rest of the name, below the folder.</param>
    public static bool TryParse(string name, out LakeDay day, out string rest)
    {
        (day, rest) = (default, "");
        var parts = name.Split('/', 4);
        if (parts.Length < 4
            || !parts[0].StartsWith(KindKey, StringComparison.Ordinal) || !TickNames.TryParse(parts[0][KindKey.Length..], out TickKind kind)
            || !parts[1].StartsWith(MarketKey, StringComparison.Ordinal)
            || !TickNames.TryParse(parts[1][MarketKey.Length..], out Market market)
            || !parts[2].StartsWith(DateKey, StringComparison.Ordinal)
            || !DateOnly.TryParseExact(
                parts[2][DateKey.Length..], DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return false;
        }

        (day, rest) = (new LakeDay(kind, market, date), parts[3]);
        return true;
    }

    /// <summary>The day's folder.</summary>
    public override string ToString() => Folder;
}
