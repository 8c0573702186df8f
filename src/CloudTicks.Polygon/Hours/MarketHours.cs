using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Hours;

/// <summary>
/// When ticks are to be expected. The built-in hours of the week hold from the start; holidays and half days are added once the server told
/// them, and the last that it told stay when it is away. Where the server says of a market, now, something other than the calendar (an
/// unforeseen holiday, a simulator that never closes), the server is believed until it says otherwise.
/// </summary>
public sealed class MarketHours
{
    private readonly WakeSignal _doubts = new();
    private long _askedMs = long.MaxValue;
    private volatile Knowledge _known;

    /// <summary>Makes the hours of the week.</summary>
    public MarketHours()
        : this([])
    {
    }

    /// <summary>Makes the hours of the week with days on which the stock exchanges keep others.</summary>
    public MarketHours(IEnumerable<MarketHoliday> holidays) =>
        _known = new Knowledge(new TradingSchedule(holidays), new Dictionary<Market, MarketSession>());

    /// <summary>Whether ticks of a market may come at all: stocks from 4:00 to 20:00, options in the regular hours.</summary>
    /// <param name="at">A moment, not far from now.</param>
    public bool IsOpen(Market market, DateTimeOffset at) => SessionOf(market, at).Phase != MarketPhase.Closed;

    /// <summary>Whether ticks of a symbol may come at all: metals pause for an hour a day.</summary>
    /// <param name="at">A moment, not far from now.</param>
    public bool IsOpen(Symbol symbol, DateTimeOffset at) => SessionOf(symbol, at).Phase != MarketPhase.Closed;

    /// <summary>What a market does, and since when: quiet that is older than a session says nothing about it.</summary>
    public MarketSession SessionOf(Market market, DateTimeOffset at)
    {
        var known = _known;
        return known.Overruled(market, known.Schedule.At(market, at));
    }

    /// <summary>What a symbol's market does, and since when, with what is special about the symbol.</summary>
    public MarketSession SessionOf(Symbol symbol, DateTimeOffset at)
    {
        var known = _known;
        return known.Overruled(symbol.Market, known.Schedule.At(symbol, at));
    }

    /// <summary>
    /// Whether the server was asked since a moment, so that its word can be relied on where it matters; if not, it is asked now, and
    /// whoever wants to know comes again. A server that cannot be asked is not waited for.
    /// </summary>
    public bool Confirm(DateTimeOffset since)
    {
        if (Interlocked.Read(ref _askedMs) >= since.ToUnixTimeMilliseconds())
        {
            return true;
        }

        _doubts.Set();
        return false;
    }

    /// <summary>Says when the server was asked last; from then on <see cref="Confirm"/> counts on somebody who asks.</summary>
    /// <param name="at">When; null while it cannot be asked.</param>
    internal void Asked(DateTimeOffset? at) => Interlocked.Exchange(ref _askedMs, at?.ToUnixTimeMilliseconds() ?? long.MaxValue);

    /// <summary>Waits until a caller of <see cref="Confirm"/> needs a newer answer, or the time has passed.</summary>
    internal Task WaitForDoubtAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) =>
        _doubts.WaitAsync(atMost, time, cancellationToken);

    /// <summary>Takes the server's status; true when server and calendar disagree. Null holidays keep the known ones.</summary>
    internal bool Learn(MarketStatus status, IReadOnlyList<MarketHoliday>? holidays, DateTimeOffset at)
    {
        var schedule = holidays is null ? _known.Schedule : new TradingSchedule(holidays);
        var overrules = new Dictionary<Market, MarketSession>();
        foreach (var market in Enum.GetValues<Market>())
        {
            var (said, planned) = (Said(status, market), schedule.At(market, at).Phase);
            if (said is { } phase && phase != planned)
            {
                var isAsBefore = _known.Overrules.TryGetValue(market, out var before) && before.Phase == phase;
                overrules[market] = isAsBefore ? before : new MarketSession(phase, at, DateTimeOffset.MaxValue);
            }
        }

        _known = new Knowledge(schedule, overrules);
        return overrules.Count > 0;
    }

    /// <summary>When a market opens or closes next, by the calendar.</summary>
    internal DateTimeOffset NextChange(DateTimeOffset at) =>
        Enum.GetValues<Market>().Min(market => _known.Schedule.At(market, at).Ends);

    private static MarketPhase? Said(MarketStatus status, Market market) => market switch
    {
        Market.Stock => Phase(status.Stocks),
        // Options have no extended hours.
        Market.Option => Phase(status.Stocks) is MarketPhase.Extended ? MarketPhase.Closed : Phase(status.Stocks),
        Market.Forex => Phase(status.Forex),
        _ => Phase(status.Crypto),
    };

    private static MarketPhase? Phase(string? word) => word switch
    {
        "open" => MarketPhase.Regular,
        "extended-hours" => MarketPhase.Extended,
        "closed" => MarketPhase.Closed,
        _ => null,
    };

    private sealed record Knowledge(TradingSchedule Schedule, IReadOnlyDictionary<Market, MarketSession> Overrules)
    {
        public MarketSession Overruled(Market market, MarketSession planned) => Overrules.GetValueOrDefault(market, planned);
    }
}
