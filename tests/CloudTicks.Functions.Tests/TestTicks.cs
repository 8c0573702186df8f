using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Functions.Tests;

/// <summary>
/// Creates numbered quotes. The number determines the symbol, the prices and the time, which is about an hour ago, or earlier by an age.
/// </summary>
internal static class TestTicks
{
    private static readonly long FirstMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000;
    private static readonly Symbol[] Symbols = [SymbolOf("EURUSD"), SymbolOf("XAUUSD"), SymbolOf("BRK.A")];

    /// <summary>Creates a record of quotes, numbered from <paramref name="first"/>.</summary>
    public static byte[] Record(int partition, int first, int count) => Record(partition, first, count, TimeSpan.Zero);

    public static byte[] Record(int partition, int first, int count, TimeSpan age)
    {
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        for (var number = first; number < first + count; number++)
        {
            builder.Add(Quote(number, age));
        }

        return builder.ToRecord();
    }

    public static ulong IdentityOf(int number) => TickIdentity.Of(Quote(number, TimeSpan.Zero));

    private static Tick Quote(int number, TimeSpan age) => new()
    {
        Symbol = Symbols[number % Symbols.Length],
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask,
        TimestampMs = FirstMs + number - (long)age.TotalMilliseconds,
        ReceivedMs = FirstMs + number,
        Bid = Price.Create(100_000 + number, 5),
        Ask = Price.Create(100_002 + number, 5),
    };

    private static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
