using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>
/// The column <c>exact_text</c>: a JSON object with the prices that DECIMAL(38,18) would round, such as <c>{"bid":"0.00…01"}</c>.
/// </summary>
internal static class ExactTexts
{
    /// <summary>Writes the prices that the columns round.</summary>
    public static byte[] Write(scoped in Tick tick)
    {
        var text = new StringBuilder("{");
        Add(text, TickColumn.Bid, tick.Bid);
        Add(text, TickColumn.Ask, tick.Ask);
        Add(text, TickColumn.BidSize, tick.BidSize);
        Add(text, TickColumn.AskSize, tick.AskSize);
        Add(text, TickColumn.Price, tick.Price);
        Add(text, TickColumn.Size, tick.Size);
        return Encoding.ASCII.GetBytes(text.Append('}').ToString());
    }

    /// <summary>Replaces rounded prices with the exact ones.</summary>
    /// <exception cref="JsonException">The text is not an object of prices.</exception>
    public static void Apply(ReadOnlySpan<byte> text, ref Tick tick)
    {
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var name = reader.GetString();
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || !Price.TryParse(reader.ValueSpan, out var price))
            {
                throw new JsonException($"exact_text has no price at {name}.");
            }

            switch (name)
            {
                case "bid": tick.Bid = price; break;
                case "ask": tick.Ask = price; break;
                case "bid_size": tick.BidSize = price; break;
                case "ask_size": tick.AskSize = price; break;
                case "price": tick.Price = price; break;
                case "size": tick.Size = price; break;
                default: throw new JsonException($"exact_text names {name}, which is not a price.");
            }
        }
    }

    private static void Add(StringBuilder text, TickColumn column, Price price)
    {
        if (price.Scale > ExactPrice.Scale)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(TickSchema.Columns[(int)column].Name).Append("\":\"").Append(price)
                .Append('"');
        }
    }
}
