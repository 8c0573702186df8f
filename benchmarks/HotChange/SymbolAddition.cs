using System.Diagnostics;
using System.Net.Http.Json;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Messaging.Nats;
using Npgsql;

namespace CloudTicks.Benchmarks.HotChange;

/// <summary>
/// Adds one symbol after another to the collector's document, as an operator does, and waits for its ticks on NATS and in the table.
/// </summary>
internal sealed class SymbolAddition(HttpClient hub, NatsSubscriber nats, NpgsqlDataSource table)
{
    private static readonly Uri DocumentAddress = new("/api/v1/config/polygon-live-collector", UriKind.Relative);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly List<string> _symbols = [];

    public async Task<AddedSymbol> AddAsync(string symbol, CancellationToken cancellationToken)
    {
        if (_symbols.Count == 0)
        {
            var document = await hub.GetFromJsonAsync<System.Text.Json.Nodes.JsonObject>(DocumentAddress, cancellationToken);
            _symbols.AddRange(document!["operational"]!["symbols"]!.AsArray().Select(name => name!.GetValue<string>()));
        }

        var firstTick = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = nats.Subscribe($"ticks.{symbol}", (_, _) => firstTick.TrySetResult(Stopwatch.GetTimestamp()));
        await nats.ReadyAsync(cancellationToken);
        _symbols.Add(symbol);
        var beganMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var started = Stopwatch.GetTimestamp();
        var response = await hub.PostAsJsonAsync(DocumentAddress, new { operational = new { symbols = _symbols } }, cancellationToken);
        var accepted = Stopwatch.GetElapsedTime(started);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchmarkException(
                $"The hub rejected {symbol} ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        var inTable = InTableAsync(symbol, beganMs, cancellationToken);
        var onNats = Stopwatch.GetElapsedTime(started, await firstTick.Task.WaitAsync(cancellationToken));
        return new AddedSymbol(symbol, accepted, onNats, Stopwatch.GetElapsedTime(started, await inTable));
    }

    private async Task<long> InTableAsync(string symbol, long sinceMs, CancellationToken cancellationToken)
    {
        await using var query = table.CreateCommand("SELECT EXISTS (SELECT FROM market_ticks WHERE timestamp_ms >= $1 AND symbol = $2)");
        query.Parameters.Add(new NpgsqlParameter { Value = sinceMs });
        query.Parameters.Add(new NpgsqlParameter { Value = symbol });
        using var poll = new PeriodicTimer(PollInterval);
        while (await query.ExecuteScalarAsync(cancellationToken) is not true)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        return Stopwatch.GetTimestamp();
    }
}
