using System.Diagnostics.Metrics;
using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Benchmarks.Relaying.Feed;

/// <summary>
/// Replaces the collector: packs and produces quotes of stocks as the collector does, with one record per partition and round. Each symbol
/// has equally many quotes. The sequence numbers count the quotes of all symbols.
/// </summary>
internal sealed class QuoteProducer : IAsyncDisposable
{
    public const string Topic = "tick_archive";
    public const int Partitions = 32;

    private const int TickerLength = 4;
    private const int PriceScale = 3;
    private static readonly int[] Indicators = [604];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordProducer _producer;
    private readonly Symbol[] _symbols;
    private readonly TickBatchBuilder[] _builders =
        [.. Enumerable.Range(0, Partitions).Select(partition => new TickBatchBuilder(partition, TickSource.Live))];

    public QuoteProducer(string hub, int symbols)
    {
        _producer = new RecordProducer(
            EventStreamConnection.Parse(hub), Options.Create(new RecordProducerOptions()),
            new RecordProducerMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System,
            NullLogger<RecordProducer>.Instance);
        _symbols = [.. Enumerable.Range(0, symbols).Select(SymbolOf)];
    }

    /// <summary>The number of quotes sent.</summary>
    public long Sent { get; private set; }

    /// <summary>The channel of each symbol.</summary>
    public IReadOnlyList<string> Channels => [.. _symbols.Select(symbol => $"Q.{symbol.Name}")];

    /// <summary>Packs and sends the next quotes, without waiting for acknowledgements.</summary>
    /// <param name="timestampMs">The feed's time of all these quotes, Unix ms, UTC.</param>
    /// <param name="onSent">
    /// Receives the acknowledgement of each record, and the sequence numbers of its quotes; null if not needed.
    /// </param>
    public async Task SendAsync(
        int count, long timestampMs, CancellationToken cancellationToken, Action<Task<long>, IReadOnlyList<long>>? onSent = null)
    {
        var numbers = new List<long>[onSent is null ? 0 : Partitions];
        for (var index = 0; index < count; index++, Sent++)
        {
            var symbol = _symbols[Sent % _symbols.Length];
            var partition = symbol.PartitionOf(Partitions);
            _builders[partition].Add(QuoteOf(symbol, Sent, timestampMs));
            if (onSent is not null)
            {
                (numbers[partition] ??= []).Add(Sent);
            }
        }

        foreach (var (partition, record) in _builders.Index().Where(record => record.Item.Count > 0))
        {
            var acknowledged = await _producer.SendAsync(Topic, partition, record.ToRecord(), [], cancellationToken);
            record.Clear();
            onSent?.Invoke(acknowledged, numbers[partition]);
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken) => _producer.FlushAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Creates a quote whose event is as long as that of a busy stock.</summary>
    private static Tick QuoteOf(Symbol symbol, long number, long timestampMs) => new()
    {
        Symbol = symbol,
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange
            | TickFields.AskExchange | TickFields.Indicators | TickFields.Sequence | TickFields.Tape,
        TimestampMs = timestampMs,
        ReceivedMs = timestampMs,
        Bid = Price.Create(114_000 + (number % 997), PriceScale),
        Ask = Price.Create(115_000 + (number % 991), PriceScale),
        BidSize = Price.Create(100, 0),
        AskSize = Price.Create(160, 0),
        BidExchange = 4,
        AskExchange = 7,
        Indicators = Indicators,
        Sequence = number,
        Tape = 3,
    };

    private static Symbol SymbolOf(int index)
    {
        var name = string.Create(TickerLength, index, (letters, number) =>
        {
            for (var place = letters.Length - 1; place >= 0; place--, number /= 26)
            {
                letters[place] = (char)('A' + (number % 26));
            }
        });
        return Symbol.TryParse(Market.Stock, name, out var symbol)
            ? symbol : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} is not a symbol."));
    }
}
