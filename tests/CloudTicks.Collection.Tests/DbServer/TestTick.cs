using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.DbServer;

/// <summary>A tick whose fields are given as text.</summary>
internal sealed record TestTick(string Name, TickKind Kind, int Number, (TickFields Field, string? Value)[] Values)
{
    /// <summary>2025-01-27 16:00:00.123 UTC.</summary>
    private const long FirstMs = 1_737_993_600_123;

    public static TestTick Quote(string symbol, int number, string? bid, string? ask, string? bidSize = null, string? askSize = null) =>
        new(symbol, TickKind.Quote, number,
            [(TickFields.Bid, bid), (TickFields.Ask, ask), (TickFields.BidSize, bidSize), (TickFields.AskSize, askSize)]);

    public static TestTick Trade(string symbol, int number, string price, string? size) =>
        new(symbol, TickKind.Trade, number, [(TickFields.Price, price), (TickFields.Size, size)]);

    public Tick ToTick()
    {
        Symbol.TryParse(Name, out var symbol).ShouldBeTrue();
        var tick = new Tick { Symbol = symbol!, Kind = Kind, TimestampMs = FirstMs + Number, ReceivedMs = FirstMs + Number };
        foreach (var (field, value) in Values)
        {
            if (value is null)
            {
                continue;
            }

            Price.TryParse(System.Text.Encoding.ASCII.GetBytes(value), out var price).ShouldBeTrue();
            tick.Fields |= field;
            switch (field)
            {
                case TickFields.Bid:
                    tick.Bid = price;
                    break;
                case TickFields.Ask:
                    tick.Ask = price;
                    break;
                case TickFields.BidSize:
                    tick.BidSize = price;
                    break;
                case TickFields.AskSize:
                    tick.AskSize = price;
                    break;
                case TickFields.Price:
                    tick.Price = price;
                    break;
                default:
                    tick.Size = price;
                    break;
            }
        }

        return tick;
    }
}
