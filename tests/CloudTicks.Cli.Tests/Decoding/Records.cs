using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Cli.Tests.Decoding;

/// <summary>Records of the archive.</summary>
internal static class Records
{
    public const int GoldenTicks = 8;

    /// <summary>The golden record of version 1 of the format: backfilled ticks of all markets, partition 7.</summary>
    public static byte[] Golden { get; } = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tick_batch_v1.bin"));

    /// <summary>A record of live quotes, one per millisecond.</summary>
    public static byte[] Quotes(string symbol, int count, long firstMs = 1737993600000)
    {
        Symbol.TryParse(symbol, out var parsed).ShouldBeTrue();
        var builder = new TickBatchBuilder(parsed.PartitionOf(32), TickSource.Live);
        for (var index = 0; index < count; index++)
        {
            builder.Add(new Tick
            {
                Symbol = parsed,
                Kind = TickKind.Quote,
                Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange,
                TimestampMs = firstMs + index,
                ReceivedMs = firstMs + index + 1,
                Bid = Price.Create(10451 + index, 4),
                Ask = Price.Create(10452 + index, 4),
                Exchange = 48,
            });
        }

        return builder.ToRecord();
    }

    /// <summary>A record of one tick with a trade ID and codes that a feed might send.</summary>
    public static byte[] Trade(
        ReadOnlySpan<byte> tradeId, TickFlags flags, ReadOnlySpan<int> conditions, TickKind kind = TickKind.Trade, string symbol = "AAPL")
    {
        Symbol.TryParse(symbol, out var parsed).ShouldBeTrue();
        var builder = new TickBatchBuilder(0, TickSource.Live);
        builder.Add(new Tick
        {
            Symbol = parsed,
            Kind = kind,
            Fields = TickFields.Price | TickFields.TradeId | TickFields.Conditions | TickFields.Indicators | TickFields.Flags,
            TimestampMs = 1737993600000,
            ReceivedMs = 1737993600001,
            Price = Price.Create(7015, 2),
            TradeId = tradeId,
            Conditions = conditions,
            Indicators = conditions,
            Flags = flags,
        });
        return builder.ToRecord();
    }
}
