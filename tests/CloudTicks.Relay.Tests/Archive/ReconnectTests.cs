using CloudTicks.Relay.Archive;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Clients that reconnect and resume from their last tick while the relay and the event hub are restarted.</summary>
public sealed class ReconnectTests : ArchiveHubTests
{
    private const int ClientCount = 20;

    private static readonly Symbol[] Symbols =
        [.. new[] { "EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "EURGBP", "XAUUSD" }.Select(TestTick.SymbolOf)];

    [Fact]
    public async Task Reconnecting_clients_get_each_tick_once_despite_kills()
    {
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var random = new Random(5);
        var producer = new ContinuousTickWriter(writer, Symbols);
        var readers = Enumerable.Range(0, ClientCount)
            .Select(_ => new Reader([.. random.GetItems(Symbols, random.Next(1, 4)).Distinct()], StartMs)).ToList();
        for (var round = 0; round < LongSuite.Choose(3, 60); round++)
        {
            await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
            readers.ForEach(reader => reader.Connect(archive));
            await producer.UntilAsync(random.Next(200, 2000), Cancellation);
            if (round % 3 != 0)
            {
                await Hub.KillAsync();
                await Hub.RestartAsync(Cancellation);
                await producer.UntilAsync(random.Next(200), Cancellation);
            }

            // First some clients lose their connections, then the relay stops and all lose theirs.
            foreach (var reader in readers.Where(_ => random.Next(4) == 0).ToList())
            {
                await reader.DisconnectAsync();
                reader.Connect(archive);
            }

            await Task.WhenAll(readers.Select(reader => reader.DisconnectAsync()));
        }

        await producer.StopAsync();
        await using (var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation))
        {
            readers.ForEach(reader => reader.Connect(archive));
            foreach (var reader in readers)
            {
                await reader.UntilLastAsync(producer, Cancellation);
                await reader.DisconnectAsync();
            }
        }

        foreach (var reader in readers)
        {
            foreach (var symbol in reader.Symbols)
            {
                reader.NumbersOf(symbol).ShouldBe(
                    producer.Written.Where(tick => tick.Symbol.Equals(symbol)).Select(tick => tick.Number), symbol.Name);
            }
        }
    }

    /// <summary>A client that stores the ticks of each symbol, and after a reconnect requests the ticks since the last one.</summary>
    private sealed class Reader(Symbol[] symbols, long startMs)
    {
        private readonly Dictionary<Symbol, List<(int Number, long TimestampMs)>> _ticks = symbols.ToDictionary(
            symbol => symbol, _ => new List<(int, long)>());

        private RunningArchive? _archive;
        private TestClient _client = new();
        private Func<Task> _cancelConnection = () => Task.CompletedTask;
        private Task _catchingUp = Task.CompletedTask;

        public Symbol[] Symbols => symbols;

        public IEnumerable<int> NumbersOf(Symbol symbol) => _ticks[symbol].Select(tick => tick.Number);

        public void Connect(RunningArchive archive)
        {
            var connection = new CancellationTokenSource();
            (_archive, _client, _cancelConnection) = (archive, new TestClient(), connection.CancelAsync);
            _catchingUp = Task.WhenAll(symbols.Select(symbol => archive.CatchUp.RunAsync(
                _client, [new SinceChannel(ChannelSelector.Of(symbol, TickKind.Quote), SinceMs(symbol), IsShared: false)],
                connection.Token)));
        }

        public async Task DisconnectAsync()
        {
            foreach (var (symbol, ticks) in _ticks)
            {
                var since = SinceMs(symbol);
                var knownTicks = ticks.Where(tick => tick.TimestampMs == since).ToHashSet();
                ticks.AddRange(_client.Of(TestTick.PairOf(symbol)).Where(tick => !knownTicks.Contains(tick)));
            }

            await _cancelConnection();
            try
            {
                await _catchingUp.WaitAsync(TimeSpan.FromMinutes(2));
            }
            catch (OperationCanceledException)
            {
                // The connection ended during catch-up.
            }

            _archive!.Channels.Remove(_client);
        }

        public async Task UntilLastAsync(ContinuousTickWriter producer, CancellationToken cancellationToken)
        {
            await _catchingUp.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            foreach (var symbol in symbols)
            {
                var last = producer.Written.Last(tick => tick.Symbol.Equals(symbol)).Number;
                await _client.UntilLastAsync(TestTick.PairOf(symbol), last, cancellationToken);
            }
        }

        private long SinceMs(Symbol symbol) => _ticks[symbol] is [.., var last] ? last.TimestampMs : startMs;
    }
}
