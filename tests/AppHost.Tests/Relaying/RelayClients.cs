using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>Twenty clients of one relay: some subscribe to a few symbols, chosen with a seed, others to a whole market.</summary>
internal sealed class RelayClients : IAsyncDisposable
{
    public const int Count = 20;

    public static readonly IReadOnlyList<string> Pairs = ["EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "XAUUSD"];
    public static readonly IReadOnlyList<string> Stocks = ["AAPL", "MSFT", "IBM", "NVDA"];

    private const int WildcardClients = 6;

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _running;

    public RelayClients(Uri relay, long startMs, int seed)
    {
        var random = new Random(seed);
        All =
        [
            .. Enumerable.Range(0, Count).Select(number =>
            {
                var market = number % 2 == 0 ? Market.Forex : Market.Stock;
                var form = number < WildcardClients ? (SinceForm)(1 + (number / 2 % 2)) : (SinceForm)(number % 3);
                var channels = number < WildcardClients ? WholeMarket(market) : PickChannels(market, random);
                return new RelayClient(relay, market, channels, form, startMs, random.Next());
            }),
        ];
        _running = [.. All.Select(client => client.RunAsync(_ending.Token))];
    }

    public IReadOnlyList<RelayClient> All { get; }

    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ending.Dispose();
    }

    /// <summary>The symbols of which a client must have every tick.</summary>
    public static IReadOnlyList<string> SymbolsOf(RelayClient client) =>
        client.Channels[0].EndsWith('*')
            ? client.Market == Market.Forex ? Pairs : Stocks
            : [.. client.Channels.Select(channel => channel.Split('.')[1].Replace("/", "", StringComparison.Ordinal)).Distinct()];

    private static string[] WholeMarket(Market market) => market == Market.Forex ? ["C.*"] : ["T.*", "Q.*"];

    private static string[] PickChannels(Market market, Random random)
    {
        string[] symbols = [.. market == Market.Forex ? Pairs : Stocks];
        random.Shuffle(symbols);
        return
        [
            .. symbols.Take(random.Next(1, 4)).SelectMany(
                symbol => market == Market.Forex ? (string[])[$"C.{symbol[..3]}/{symbol[3..]}"] : [$"T.{symbol}", $"Q.{symbol}"]),
        ];
    }
}
