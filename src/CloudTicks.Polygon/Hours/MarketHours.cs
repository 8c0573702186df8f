using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Hours;

/// <summary>
/// The hours in which ticks are expected: the built-in weekly hours, with the holidays and half days that the server last reported. When
/// the server's market status differs from this calendar (an unforeseen holiday, a simulator that never closes), the status overrides the
/// calendar until both agree again.
/// </summary>
public sealed class MarketHours
{
    private readonly WakeSignal _refreshRequests = new();
    private long _refreshedMs = long.MaxValue;
    private volatile HoursData _known;

    /// <summary>Creates the market hours without holidays.</summary>
    public MarketHours()
        : this([])
    {
    }

    /// <summary>Creates the market hours with holidays of the stock exchanges.</summary>
    public MarketHours(IEnumerable<MarketHoliday> holidays) =>
        _known = new HoursData(new TradingSchedule(holidays), new Dictionary<Market, MarketSession>());

    /// <summary>Whether a market can have ticks: stocks from 4:00 to 20:00 New York time, options in the regular hours.</summary>
    /// <param name="at">A time close to now.</param>
    public bool IsOpen(Market market, DateTimeOffset at) => SessionOf(market, at).Phase != MarketPhase.Closed;

    /// <summary>Whether a symbol can have ticks. Metals, unlike the rest of their market, pause for an hour a day.</summary>
    /// <param name="at">A time close to now.</param>
    public bool IsOpen(Symbol symbol, DateTimeOffset at) => SessionOf(symbol, at).Phase != MarketPhase.Closed;

    /// <summary>The phase of a market at a time close to now, with its beginning and end.</summary>
    public MarketSession SessionOf(Market market, DateTimeOffset at)
    {
        var known = _known;
        return known.SessionOr(market, known.Schedule.At(market, at));
    }

    /// <summary>The phase of a symbol at a time close to now, with its beginning and end. Metals have separate hours.</summary>
    public MarketSession SessionOf(Symbol symbol, DateTimeOffset at)
    {
        var known = _known;
        return known.SessionOr(symbol.Market, known.Schedule.At(symbol, at));
    }

    /// <summary>
    /// Whether the market status was refreshed at or after a time. If not, a refresh is requested, and the caller must try again later.
    /// Always true before the first refresh and while the server is unreachable.
    /// </summary>
    public bool Confirm(DateTimeOffset since)
    {
        if (Interlocked.Read(ref _refreshedMs) >= since.ToUnixTimeMilliseconds())
        {
            return true;
        }

        _refreshRequests.Set();
        return false;
    }

    /// <summary>Sets when the market status was last refreshed.</summary>
    /// <param name="at">The time of the request; null while the server is unreachable.</param>
    internal void SetRefreshed(DateTimeOffset? at) => Interlocked.Exchange(ref _refreshedMs, at?.ToUnixTimeMilliseconds() ?? long.MaxValue);

    /// <summary>Waits until <see cref="Confirm"/> requests a refresh, or until <paramref name="atMost"/> has passed.</summary>
    internal Task WaitForRequestAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) =>
        _refreshRequests.WaitAsync(atMost, time, cancellationToken);

    /// <summary>
    /// Applies the server's status; returns whether the status differs from the calendar. If the holidays are null, the known holidays
    /// remain.
    /// </summary>
    internal bool ApplyStatus(MarketStatus status, IReadOnlyList<MarketHoliday>? holidays, DateTimeOffset at)
    {
        var schedule = holidays is null ? _known.Schedule : new TradingSchedule(holidays);
        var overrides = new Dictionary<Market, MarketSession>();
        foreach (var market in Enum.GetValues<Market>())
        {
            var (reported, planned) = (ReportedPhase(status, market), schedule.At(market, at).Phase);
            if (reported is { } phase && phase != planned)
            {
                var isAsBefore = _known.Overrides.TryGetValue(market, out var before) && before.Phase == phase;
                overrides[market] = isAsBefore ? before : new MarketSession(phase, at, DateTimeOffset.MaxValue);
            }
        }

        _known = new HoursData(schedule, overrides);
        return overrides.Count > 0;
    }

    /// <summary>The next time at which the phase of a market changes, according to the calendar.</summary>
    internal DateTimeOffset NextChange(DateTimeOffset at) =>
        Enum.GetValues<Market>().Min(market => _known.Schedule.At(market, at).EndsAt);

    private static MarketPhase? ReportedPhase(MarketStatus status, Market market) => market switch
    {
        Market.Stock => Phase(status.Stocks),
        // Options have no extended hours.
        Market.Option => Phase(status.Stocks) is MarketPhase.Extended ? MarketPhase.Closed : Phase(status.Stocks),
        Market.Forex => Phase(status.Forex),
        _ => Phase(status.Crypto),
    };

    private static MarketPhase? Phase(string? status) => status switch
    {
        "open" => MarketPhase.Regular,
        "extended-hours" => MarketPhase.Extended,
        "closed" => MarketPhase.Closed,
        _ => null,
    };

    private sealed record HoursData(TradingSchedule Schedule, IReadOnlyDictionary<Market, MarketSession> Overrides)
    {
        public MarketSession SessionOr(Market market, MarketSession planned) => Overrides.GetValueOrDefault(market, planned);
    }
}
