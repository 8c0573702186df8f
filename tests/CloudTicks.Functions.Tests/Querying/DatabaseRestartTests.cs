using System.Collections.Concurrent;
using System.Net;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Querying;

public class DatabaseRestartTests
{
    private static readonly string[] Requests =
    [
        "/api/v1/gaps", "/api/v1/gaps?symbol=EURUSD&state=open&limit=20000", "/api/v1/symbols", "/api/v1/quotes/latest",
        "/api/v1/quotes/opening", "/api/v1/ticks/EURUSD",
        "/api/v1/candles/EURUSD?interval=1m",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_get_200_or_503_through_a_database_restart()
    {
        await using var postgres = await OwnPostgres.StartAsync(null, Cancellation);
        await using var system = await TestSystem.StartAsync(await postgres.Server.CreateDatabaseAsync("ticks", Cancellation));
        // The queries below follow each other without a pause, which on a fast machine exceeds the default rate.
        var functions = await system.StartFunctionsAsync(("Access__ReadsPerSecond", "100000"));
        await functions.UntilHealthAsync(200);
        await system.ExecuteAsync(
            """
            INSERT INTO feed_gaps SELECT gen_random_uuid(), 'forex', 'EURUSD', 'quote', number, number + 1, 'disconnected', 'session', 'open', 0, repeat('x', 500), number
            FROM generate_series(1, 20000) AS number
            """);
        using var http = new HttpClient { BaseAddress = await functions.AddressAsync() };
        using var stop = new CancellationTokenSource();
        var unexpectedResponses = new ConcurrentBag<string>();
        var refusedPaths = new ConcurrentDictionary<string, bool>();
        var queries = Requests.Select(
            path => Task.Run(() => QueryUntilAsync(http, path, unexpectedResponses, refusedPaths, stop.Token), Cancellation)).ToArray();

        for (var restart = 0; restart < 2; restart++)
        {
            await (restart % 2 == 0 ? postgres.KillAsync() : postgres.StopAsync().AsTask());
            await UntilAsync(() => Requests.All(refusedPaths.ContainsKey));
            await postgres.StartAsync(Cancellation);
            refusedPaths.Clear();
        }

        await stop.CancelAsync();
        await Task.WhenAll(queries);
        unexpectedResponses.ShouldBeEmpty(functions.Log);
    }

    private static async Task QueryUntilAsync(
        HttpClient http, string path, ConcurrentBag<string> unexpectedResponses, ConcurrentDictionary<string, bool> refusedPaths,
        CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                refusedPaths[path] = true;
            }
            else if (response.StatusCode != HttpStatusCode.OK)
            {
                unexpectedResponses.Add($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancellation)}");
            }
        }
    }

    private static async Task UntilAsync(Func<bool> isDone)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!isDone())
        {
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }
}
