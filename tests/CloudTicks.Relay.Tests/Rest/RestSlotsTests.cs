using System.Net;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Npgsql;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Requests that wait for the database time out, and release their slots.</summary>
[Collection(nameof(HistoryCollection))]
public class RestSlotsTests(HistoryFixture history)
{
    private static readonly string[] Paths =
        ["/v3/trades/PLACE", "/v3/quotes/PLACE", "/v2/last/trade/PLACE", "/v2/aggs/ticker/PLACE/range/1/day/2025-01-27/2025-01-27"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_that_times_out_gets_503_and_releases_its_slot()
    {
        await new GeneratedTicks("PLACE", TickKind.Trade, 21).WriteOneAsync(history, HistoryFixture.TableStartMs);
        var time = new TestTime(DateTimeOffset.FromUnixTimeMilliseconds(HistoryFixture.TableStartMs));
        await using var relay = await HistoryRelay.StartAsync(history, time);
        using var http = new HttpClient { BaseAddress = relay.Address, Timeout = Timeout.InfiniteTimeSpan };
        (await relay.GetAsync(Paths[0])).Status.ShouldBe(HttpStatusCode.OK);
        await using (var connection = new NpgsqlConnection(history.Database))
        {
            await connection.OpenAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using (var command = new NpgsqlCommand("LOCK TABLE market_ticks IN ACCESS EXCLUSIVE MODE", connection, transaction))
                await command.ExecuteNonQueryAsync(Cancellation);

            using var clientCancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var cancelledRequests = Paths.Select(path => http.GetAsync(new Uri(path, UriKind.Relative), clientCancellation.Token)).ToList();
            await UntilAllWaitAsync(cancelledRequests);
            await clientCancellation.CancelAsync();
            foreach (var request in cancelledRequests)
                await Should.ThrowAsync<OperationCanceledException>(() => request);

            // If a slot were still in use, some of these requests would wait for it and not for the database.
            var lateRequests = Paths.Select(path => relay.GetAsync(path)).ToList();
            await UntilAllWaitAsync(lateRequests);
            time.Advance(TimeSpan.FromSeconds(60));
            foreach (var (status, json) in await Task.WhenAll(lateRequests))
            {
                status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                json.GetProperty("error").GetString()!.ShouldContain("request a shorter time");
            }
        }

        (await relay.GetAsync(Paths[0])).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>
    /// Waits until all requests wait for the database, or until a request has completed: on a slow machine a request may reach the relay's
    /// limit of 20 s before the others wait.
    /// </summary>
    private async Task UntilAllWaitAsync(IReadOnlyCollection<Task> requests)
    {
        await using var database = NpgsqlDataSource.Create(history.Database);
        await using var waitQuery = database.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'");
        while ((long)(await waitQuery.ExecuteScalarAsync(Cancellation))! != requests.Count && !requests.Any(request => request.IsCompleted))
            Cancellation.ThrowIfCancellationRequested();
    }
}
