using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Rest;

/// <summary>Reads all pages of a history.</summary>
internal static class ReadHistory
{
    public const long FromMs = 1_700_000_000_000;
    public const long ToMs = 1_700_000_000_999;

    public static Symbol Symbol(Market market, string name) =>
        CloudTicks.Ticks.Symbol.TryParse(market, name, out var symbol) ? symbol : throw new ArgumentException(name);

    /// <summary>The ticks of all pages as text, the number of skipped rows, and the number of pages.</summary>
    public static async Task<(List<string> Ticks, int Rejected, int Pages)> AllAsync(
        PolygonRestClient client, Market market, TickKind kind, string name)
    {
        var (ticks, rejected, pages) = (new List<string>(), 0, 0);
        await foreach (var page in client.ReadTicksAsync(Symbol(market, name), kind, FromMs, ToMs, TestContext.Current.CancellationToken))
        {
            Drain(page, ticks);
            (rejected, pages) = (rejected + page.Rejected, pages + 1);
        }

        return (ticks, rejected, pages);
    }

    /// <summary>Reads until an exception ends the history, and returns the exception.</summary>
    public static Task<PolygonRestException> ReadErrorAsync(PolygonRestClient client) => Should.ThrowAsync<PolygonRestException>(
        async () => await AllAsync(client, Market.Stock, TickKind.Trade, "ABC"));

    private static void Drain(TickPage page, List<string> ticks)
    {
        Tick tick = default;
        while (page.Read(ref tick))
        {
            ticks.Add(Frames.DecodedElement.Describe(tick));
        }
    }
}
