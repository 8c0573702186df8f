using System.Globalization;
using CloudTicks.Lake.Sql;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Sql;

/// <summary>Compares the functions for SQL queries with plain arithmetic over the same ticks.</summary>
public sealed class LakeMacrosTests : IAsyncLifetime
{
    private const string Range = "'AAPL', '2025-01-27 16:00:00', '2025-01-27 16:10:00'";
    private const long EndMs = 600_000;

    private readonly SqlLake _lake = new();
    private readonly (long At, double Price, double Size)[] _trades;
    private readonly (long At, double Bid, double Ask)[] _quotes;
    private LakeSession? _session;

    public LakeMacrosTests()
    {
        var random = new Random(22);
        _trades = [.. Enumerable.Range(0, 500).Select(i => (At: (long)random.Next(0, 590_000), random.Next(14_000, 16_000) / 100.0, (
            double)random.Next(1, 300)))
            .OrderBy(trade => trade.At)];
        _quotes = [.. Enumerable.Range(0, 800).Select(i => (At: (long)random.Next(0, 590_000), Bid: random.Next(14_000, 15_000) / 100.0))
            .OrderBy(quote => quote.At).Select(quote => (quote.At, quote.Bid, quote.Bid + 0.25))];
    }

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync(TickKind.Trade, Market.Stock, file =>
        {
            for (var i = 0; i < _trades.Length; i++)
            {
                file.Add(SqlLake.Trade("AAPL", _trades[i].At, Text(_trades[i].Price), Text(_trades[i].Size), i), TickSource.Live, 0, i);
                file.Add(SqlLake.Trade("MSFT", _trades[i].At, "1", "1", i), TickSource.Live, 0, i);
            }
        });
        await _lake.WriteAsync(TickKind.Quote, Market.Stock, file =>
        {
            for (var i = 0; i < _quotes.Length; i++)
            {
                var tick = SqlLake.Quote("AAPL", _quotes[i].At, Text(_quotes[i].Bid), Text(_quotes[i].Ask));
                tick.Sequence = i;
                tick.Fields |= TickFields.Sequence;
                file.Add(tick, TickSource.Live, 0, i);
            }
        });
        _session = await _lake.OpenAsync();
        _session.Seal();
    }

    public ValueTask DisposeAsync()
    {
        _session?.Dispose();
        _lake.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Mid_and_spreads_match_plain_arithmetic()
    {
        QueryOne("SELECT mid(10, 11), spread(10, 11), spread_bps(10, 11)").ShouldBe([10.5, 1, 10_000 / 10.5], 1e-9);
    }

    [Fact]
    public void Vwap_matches_plain_arithmetic() => QueryOne("SELECT vwap(price, size) FROM trades WHERE symbol = 'AAPL'")
        .ShouldBe([_trades.Sum(trade => trade.Price * trade.Size) / _trades.Sum(trade => trade.Size)], 1e-9);

    [Fact]
    public void Twap_matches_plain_arithmetic() => QueryOne($"SELECT twap, trades FROM twap({Range})").ShouldBe(
        [_trades.Select((trade, i) => trade.Price * (Next(i) - trade.At)).Sum() / (EndMs - _trades[0].At), _trades.Length], 1e-9);

    [Fact]
    public void Time_weighted_quotes_match_plain_arithmetic()
    {
        var durations = _quotes.Select((quote, i) => (double)((i + 1 < _quotes.Length ? _quotes[i + 1].At : EndMs) - quote.At)).ToArray();
        var bid = _quotes.Select((quote, i) => quote.Bid * durations[i]).Sum() / durations.Sum();

        QueryOne($"SELECT bid, ask, mid, spread, quotes FROM time_weighted_quotes({Range})")
            .ShouldBe([bid, bid + 0.25, bid + 0.125, 0.25, _quotes.Length], 1e-9);
    }

    [Fact]
    public void Trades_with_quotes_have_the_newest_quote_at_their_time()
    {
        var rows = QueryAll($"SELECT timestamp_ms - {SqlLake.StartMs}, price, coalesce(bid, -1) FROM trades_with_quotes({Range})");

        rows.Count.ShouldBe(_trades.Length);
        for (var i = 0; i < rows.Count; i++)
        {
            var before = _quotes.Where(quote => quote.At <= _trades[i].At).ToArray();
            rows[i].ShouldBe([_trades[i].At, _trades[i].Price, before.Length == 0 ? -1 : before[^1].Bid], 1e-9);
        }
    }

    [Fact]
    public void Bars_by_time_match_plain_arithmetic() => Bars(
        $"bars_by_time({Range}, '1 minute')", _trades.GroupBy(trade => trade.At / 60_000));

    [Fact]
    public void Bars_by_ticks_match_plain_arithmetic() => Bars(
        $"bars_by_ticks({Range}, 7)", _trades.Select((trade, i) => (trade, i)).GroupBy(pair => (long)pair.i / 7, pair => pair.trade));

    [Fact]
    public void Bars_by_volume_match_plain_arithmetic()
    {
        var sum = 0.0;
        var tradesByBar = new List<(long Bar, (long At, double Price, double Size) Trade)>();
        foreach (var trade in _trades)
        {
            tradesByBar.Add(((long)(sum / 1000), trade));
            sum += trade.Size;
        }

        Bars($"bars_by_volume({Range}, 1000)", tradesByBar.GroupBy(pair => pair.Bar, pair => pair.Trade));
    }

    [Fact]
    public void Quote_bars_match_plain_arithmetic()
    {
        var expected = _quotes.GroupBy(quote => quote.At / 60_000).Select(bar => new[]
        {
            bar.First().Bid + 0.125, bar.Max(quote => quote.Bid) + 0.125, bar.Min(quote => quote.Bid) + 0.125, bar.Last().Bid + 0.125, 0.25,
            bar.Count(),
        }).ToList();
        var rows = QueryAll($"SELECT open, high, low, close, spread, quotes FROM quote_bars({Range}, '1 minute')");

        rows.Count.ShouldBe(expected.Count);
        rows.Zip(expected).ToList().ForEach(pair => pair.First.ShouldBe(pair.Second, 1e-9));
    }

    [Fact]
    public void Realised_variance_matches_plain_arithmetic()
    {
        var closes = _trades.GroupBy(trade => trade.At / 60_000).Select(bar => bar.Last().Price).ToArray();
        var squares = closes.Skip(1).Select((close, i) => Math.Pow(Math.Log(close / closes[i]), 2)).ToArray();

        QueryOne($"SELECT variance, volatility, returns FROM realised_variance({Range}, '1 minute')")
            .ShouldBe([squares.Sum(), Math.Sqrt(squares.Sum()), squares.Length], 1e-9);
    }

    [Theory]
    [InlineData("2025-01-27 14:29:59.999", false)] // Monday, winter
    [InlineData("2025-01-27 14:30:00", true)]
    [InlineData("2025-01-27 20:59:59.999", true)]
    [InlineData("2025-01-27 21:00:00", false)]
    [InlineData("2025-07-28 13:30:00", true)] // Monday, summer
    [InlineData("2025-07-28 13:29:59", false)]
    [InlineData("2025-01-26 15:00:00", false)] // Sunday
    public void In_us_session_follows_the_hours_of_New_York(string time, bool expected) =>
        QueryAll($"SELECT in_us_session(epoch_ms(TIMESTAMP '{time}'))::INTEGER").ShouldHaveSingleItem()[0].ShouldBe(expected ? 1 : 0);

    private void Bars(string call, IEnumerable<IEnumerable<(long At, double Price, double Size)>> groups)
    {
        var expected = groups.Select(group => group.ToArray()).Select(bar => new[]
        {
            bar[0].Price, bar.Max(trade => trade.Price), bar.Min(trade => trade.Price), bar[^1].Price, bar.Sum(trade => trade.Size),
            bar.Sum(trade => trade.Price * trade.Size) / bar.Sum(trade => trade.Size), bar.Length,
        }).ToList();
        var rows = QueryAll($"SELECT open, high, low, close, volume, vwap, trades FROM {call}");

        rows.Count.ShouldBe(expected.Count);
        rows.Zip(expected).ToList().ForEach(pair => pair.First.ShouldBe(pair.Second, 1e-9));
    }

    private long Next(int i) => i + 1 < _trades.Length ? _trades[i + 1].At : EndMs;

    private double[] QueryOne(string sql) => QueryAll(sql).ShouldHaveSingleItem();

    private List<double[]> QueryAll(string sql) => [.. SqlLake.Rows(_session!, sql)
        .Select(row => row.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray())];

    private static string Text(double value) => value.ToString("0.##########", CultureInfo.InvariantCulture);
}
