using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests;

/// <summary>Records of numbered quotes.</summary>
internal static class TestRecords
{
    /// <summary>2025-01-27 16:00 UTC.</summary>
    public const long FirstMs = 1_737_993_600_000;

    public static StreamPartition Partition(int partition = 3, string stream = "kafka:test:1") => new(stream, "tick_archive", partition);

    public static RefusedRecordsHandler NoneRefused { get; } = (records, _) =>
        throw new InvalidOperationException($"Record {records[0].Offset} was refused: {records[0].Reason}");

    /// <summary>Creates a record of the quotes with these numbers.</summary>
    public static ArchivedRecord Quotes(long offset, params int[] numbers) => Quotes(offset, 3, FirstMs, numbers);

    public static ArchivedRecord Quotes(long offset, int partition, long firstMs, params int[] numbers)
    {
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        foreach (var number in numbers)
        {
            builder.Add(Quote(number, firstMs));
        }

        return new ArchivedRecord(offset, builder.ToRecord());
    }

    public static ArchivedRecord Damaged(long offset) => new(offset, "no TickBatch at all"u8.ToArray());

    public static Tick Quote(int number, long firstMs = FirstMs) => new()
    {
        Symbol = Symbols[number % Symbols.Length],
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask,
        TimestampMs = firstMs + (number / 10),
        ReceivedMs = firstMs + (number / 10) + 12,
        Bid = Price.Create(100_000 + number, 5),
        Ask = Price.Create(100_002 + number, 5),
    };

    private static readonly Symbol[] Symbols = [SymbolOf("EURUSD"), SymbolOf("GBPUSD"), SymbolOf("XAUUSD")];

    public static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);

    public static ArchivedRecord RecordOf(long offset, int partition, TickSource source, in Tick tick)
    {
        var builder = new TickBatchBuilder(partition, source);
        builder.Add(tick);
        return new ArchivedRecord(offset, builder.ToRecord());
    }
}
