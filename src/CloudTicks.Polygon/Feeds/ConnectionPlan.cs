using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Feeds;

/// <summary>The assignment of channels to connections. All channels of a symbol share one connection.</summary>
/// <param name="Capacity">Maximum symbols per connection.</param>
internal sealed record ConnectionPlan(
    IReadOnlyList<int> Slots, IReadOnlyDictionary<FeedChannel, int> Targets, IReadOnlyList<Symbol> LeftOut, int Capacity)
{
    /// <summary>Maximum option contracts that the server allows per connection.</summary>
    private const int MaxContracts = 1_000;

    public static ConnectionPlan Empty { get; } = new([], new Dictionary<FeedChannel, int>(), [], 0);

    public static int SlotsFor(int symbols, int symbolsPerConnection, int maxConnections) =>
        Math.Clamp((symbols + symbolsPerConnection - 1) / symbolsPerConnection, 1, maxConnections);

    /// <summary>Creates the plan.</summary>
    /// <param name="symbolsPerConnection">Symbols per connection; exceeded when there are too few connections.</param>
    public static ConnectionPlan Create(
        Market market, IReadOnlyCollection<FeedChannel> channels, IReadOnlyList<int> slots, int symbolsPerConnection)
    {
        var symbols = channels.Select(channel => channel.Symbol).Distinct().ToArray();
        var capacity = Math.Max(symbolsPerConnection, (symbols.Length + slots.Count - 1) / slots.Count);
        capacity = market == Market.Option ? Math.Min(capacity, MaxContracts) : capacity;
        var assigned = SlotAssignment.Assign(symbols, slots, capacity, out var leftOut);
        var targets = new Dictionary<FeedChannel, int>(channels.Count);
        foreach (var channel in channels)
        {
            if (assigned.TryGetValue(channel.Symbol, out var slot))
            {
                targets[channel] = slot;
            }
        }

        return new ConnectionPlan(slots, targets, leftOut, capacity);
    }
}
