using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>One channel, or all channels of a market and kind.</summary>
/// <param name="Symbol">The symbol of the channel; null for all symbols.</param>
internal readonly record struct ChannelSelector(Market Market, TickKind Kind, Symbol? Symbol)
{
    public static ChannelSelector Of(Symbol symbol, TickKind kind) => new(symbol.Market, kind, symbol);

    public bool Covers(Symbol symbol, TickKind kind) =>
        kind == Kind && (Symbol is { } one ? one.Equals(symbol) : symbol.Market == Market);

    /// <summary>Whether this selector includes all channels of another selector.</summary>
    public bool Covers(ChannelSelector other) =>
        other.Symbol is { } symbol ? Covers(symbol, other.Kind) : Symbol is null && (other.Market, other.Kind) == (Market, Kind);
}
