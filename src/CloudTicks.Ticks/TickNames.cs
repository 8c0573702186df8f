using System.Diagnostics.CodeAnalysis;
using System.Text;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Ticks;

/// <summary>Names of markets, kinds, sources and states in JSON, CSV, gaps, tables and HTTP. They never change.</summary>
public static class TickNames
{
    private static readonly Names<Market> Markets = new(
        (Market.Stock, "stock"), (Market.Option, "option"), (Market.Forex, "forex"), (Market.Crypto, "crypto"));

    private static readonly Names<TickKind> Kinds = new((TickKind.Quote, "quote"), (TickKind.Trade, "trade"));

    private static readonly Names<TickSource> Sources = new(
        (TickSource.Live, "live"), (TickSource.Backfill, "backfill"), (TickSource.DbCommand, "db_command"), (TickSource.Replay, "replay"),
        (TickSource.Import, "import"));

    private static readonly Names<GapState> States = new(
        (GapState.Open, "open"), (GapState.Filling, "filling"), (GapState.Filled, "filled"), (GapState.Unfillable, "unfillable"));

    /// <summary>The message for a text that is not a state.</summary>
    public static string StateHint => $"It is not a state. The states are: {States.All}.";

    /// <summary>The market's name.</summary>
    /// <returns><c>stock</c>, <c>option</c>, <c>forex</c> or <c>crypto</c>.</returns>
    public static string Name(this Market market) => Markets.Of(market).Text;

    /// <summary>The market's name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Name(this Market market) => Markets.Of(market).Utf8;

    /// <summary>The kind's name.</summary>
    /// <returns><c>quote</c> or <c>trade</c>.</returns>
    public static string Name(this TickKind kind) => Kinds.Of(kind).Text;

    /// <summary>The kind's name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Name(this TickKind kind) => Kinds.Of(kind).Utf8;

    /// <summary>The source's name in UTF-8.</summary>
    /// <returns><c>live</c>, <c>backfill</c>, <c>db_command</c>, <c>replay</c> or <c>import</c>.</returns>
    public static ReadOnlySpan<byte> Utf8Name(this TickSource source) => Sources.Of(source).Utf8;

    /// <summary>The state's name.</summary>
    /// <returns><c>open</c>, <c>filling</c>, <c>filled</c> or <c>unfillable</c>.</returns>
    public static string Name(this GapState state) => States.Of(state).Text;

    /// <summary>Parses a market's name.</summary>
    /// <returns>False when the name is unknown.</returns>
    public static bool TryParse(string? name, out Market market) => Markets.TryFind(name, out market);

    /// <summary>Parses a kind's name.</summary>
    /// <returns>False when the name is unknown.</returns>
    public static bool TryParse(string? name, out TickKind kind) => Kinds.TryFind(name, out kind);

    /// <summary>Parses a state's name.</summary>
    /// <returns>False when the name is unknown.</returns>
    public static bool TryParse(string? name, out GapState state) => States.TryFind(name, out state);

    private sealed class Names<T>(params (T Value, string Text)[] names)
        where T : struct, Enum
    {
        private readonly (T Value, string Text, byte[] Utf8)[] _entries =
            [.. names.Select(name => (name.Value, name.Text, Encoding.UTF8.GetBytes(name.Text)))];

        public string All => string.Join(", ", _entries.Select(entry => entry.Text));

        public (T Value, string Text, byte[] Utf8) Of(T value)
        {
            foreach (var entry in _entries)
            {
                if (EqualityComparer<T>.Default.Equals(entry.Value, value))
                {
                    return entry;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(value), value, "Unknown value.");
        }

        public bool TryFind([NotNullWhen(true)] string? name, out T value)
        {
            var index = Array.FindIndex(_entries, entry => entry.Text == name);
            value = index < 0 ? default : _entries[index].Value;
            return index >= 0;
        }
    }
}
