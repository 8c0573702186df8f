using System.Text.Json;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The newest prices of at most 500 symbols: the last trade, or the last bid before the first trade. Thread-safe.</summary>
internal sealed class PriceBoard
{
    private const int MaxSymbols = 500;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, NewestPrice> _prices = new(StringComparer.Ordinal);

    public IReadOnlyList<NewestPrice> Read()
    {
        lock (_gate)
        {
            return [.. _prices.Values];
        }
    }

    /// <summary>Reads one tick's JSON; ignores anything that is not a tick.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        if (TryRead(json, out var tick))
        {
            lock (_gate)
            {
                Set(tick);
            }
        }
    }

    private void Set(NewestPrice tick)
    {
        if (!_prices.TryGetValue(tick.Symbol, out var before))
        {
            if (_prices.Count < MaxSymbols)
            {
                _prices.Add(tick.Symbol, tick);
            }

            return;
        }

        if (before.IsTrade && !tick.IsTrade)
        {
            return;
        }

        var change = tick.IsTrade == before.IsTrade ? decimal.Compare(tick.Price, before.Price) : 0;
        _prices[tick.Symbol] = tick with
        {
            Change = change != 0 ? change : before.Change,
            Decimals = Math.Max(tick.Decimals, before.Decimals),
        };
    }

    private static bool TryRead(ReadOnlySpan<byte> json, out NewestPrice tick)
    {
        tick = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            var (symbol, price, bid) = (default(string), default(decimal?), default(decimal?));
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                var (isSymbol, isPrice, isBid) =
                    (reader.ValueTextEquals("symbol"u8), reader.ValueTextEquals("price"u8), reader.ValueTextEquals("bid"u8));
                reader.Read();
                if (isSymbol && reader.TokenType == JsonTokenType.String)
                {
                    symbol = reader.GetString();
                }
                else if ((isPrice || isBid) && reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value))
                {
                    price = isPrice ? value : price;
                    bid = isBid ? value : bid;
                }
            }

            if (string.IsNullOrEmpty(symbol) || (price ?? bid) is not { } newest)
            {
                return false;
            }

            tick = new NewestPrice(symbol, newest, 0, newest.Scale, price is not null);
            return true;
        }
        catch (JsonException)
        {
            return false; // Not a tick.
        }
    }
}

/// <param name="Change">Positive if the last change was a rise, negative if it was a fall, 0 before the first change.</param>
/// <param name="Decimals">The maximum number of decimals of the symbol's prices so far.</param>
internal readonly record struct NewestPrice(string Symbol, decimal Price, int Change, int Decimals, bool IsTrade);
