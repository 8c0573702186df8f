using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Configuring;

public sealed class ConfigChaosTests : IDisposable
{
    private const int Edits = 100;
    private const int EditsPerInvalidEdit = 10;
    private const int Partitions = 2;
    private const int TicksOfRecord = 50;

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _addresses = [.. Enumerable.Range(0, 2).Select(_ => $"http://127.0.0.1:{FreePort.Choose()}")];
    private readonly FunctionsProcess[] _hubs = new FunctionsProcess[2];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Random_edits_are_stored_once_despite_kills()
    {
        await using var own = await OwnPostgres.StartAsync(null, Cancellation);
        await using var system = await TestSystem.StartAsync(await own.Server.CreateDatabaseAsync("ticks", Cancellation));
        await Task.WhenAll(StartHubAsync(system, 0), StartHubAsync(system, 1));
        var editors = _addresses.Select((address, index) => new RandomEdits(new Uri(address), index)).ToArray();
        var followers = Enumerable.Range(0, 4).Select(index => Follower(_addresses[index % 2], index < 2 ? system.Nats.Url : null, index))
            .ToArray();
        await Task.WhenAll(followers.Select(follower => follower.InitAsync(Cancellation)));
        using var enough = new CancellationTokenSource();
        var load = ProduceUntilAsync(system, enough.Token);

        var editing = editors.Select(EditAsync).ToArray();
        var whole = Task.WhenAll(editing);
        foreach (Func<Task> disturb in (Func<Task>[])[
            () => KillHubAsync(system, 0), () => KillDatabaseAsync(system, own), () => KillNatsAsync(system), () => KillHubAsync(system, 1),
            () => Task.WhenAll(KillHubAsync(system, 0), KillDatabaseAsync(system, own), KillNatsAsync(system)),
            () => Task.WhenAll(KillHubAsync(system, 0), KillHubAsync(system, 1), KillDatabaseAsync(system, own))])
        {
            // Wait for some further changes before each kill, so that the kills happen while changes are made.
            var before = Made(editors);
            await Task.WhenAny(whole,
                system.UntilAsync(() => Task.FromResult(Made(editors) >= before + 15 || whole.IsCompleted ? null : "no changes are made")));
            await disturb();
        }

        await whole;
        await enough.CancelAsync();
        var produced = await load;

        using var client = new HubClient(new Uri(_addresses[0]));
        await system.UntilAsync(async () => (await client.GetAsync("/" + HubClient.Collector)).Status == System.Net.HttpStatusCode.OK ? null
            : "the hub is unavailable");
        var final = await client.GetAsync("/" + HubClient.Collector);
        await system.UntilAsync(() => Task.FromResult(
            followers.All(follower => follower.Version == final.Version) ? null
                : $"versions {string.Join(", ", followers.Select(follower => follower.Version))}, not {final.Version}"));
        foreach (var follower in followers)
        {
            JsonNode.DeepEquals(await follower.GetConfigAsync(Cancellation), final.Json).ShouldBeTrue();
            await follower.DisposeAsync();
        }

        const int validEditCount = 2 * (Edits - (Edits / EditsPerInvalidEdit));
        editors.Sum(editor => editor.Refused).ShouldBe(2 * (Edits / EditsPerInvalidEdit));
        editors.Sum(editor => editor.Stored.Count).ShouldBe(validEditCount);
        var stored = await system.QueryAsync<string[]>("SELECT array_agg(version || ' ' || comment ORDER BY version) FROM config_versions");
        stored.ShouldBe(
            editors.SelectMany(editor => editor.Stored).OrderBy(change => change.Key).Select(change => $"{change.Key} {change.Value}"));
        final.Version.ShouldBe(validEditCount);
        (await system.QueryAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'config.patch'")).ShouldBe(validEditCount);
        await system.UntilRowsAsync(produced);
        editors.Sum(editor => editor.Failures).ShouldBeGreaterThan(0);
    }

    private static int Made(RandomEdits[] editors) => editors.Sum(editor => editor.Stored.Count);

    private static async Task EditAsync(RandomEdits editor)
    {
        for (var number = 0; number < Edits; number++)
        {
            await editor.MakeAsync(number, isInvalid: number % EditsPerInvalidEdit == EditsPerInvalidEdit - 1);
        }
    }

    private async Task StartHubAsync(TestSystem system, int index)
    {
        _hubs[index] = await system.StartFunctionsOnAsync(_addresses[index]);
        await _hubs[index].AddressAsync();
    }

    private async Task KillHubAsync(TestSystem system, int index)
    {
        await _hubs[index].KillAsync();
        await StartHubAsync(system, index);
    }

    private static async Task KillDatabaseAsync(TestSystem system, OwnPostgres postgres)
    {
        await postgres.KillAsync();
        await postgres.StartAsync(Cancellation);
        system.ForgetConnections();
    }

    private static async Task KillNatsAsync(TestSystem system)
    {
        system.Nats.Servers[0].Kill();
        await system.Nats.RestartAsync(0, Cancellation);
    }

    private ConfigClient Follower(string hub, string? nats, int index) => new(
        HubClient.Collector, [], new ConfigClientOptions { Endpoint = hub, Folder = _folder.File($"follower-{index}"), Nats = nats });

    /// <summary>Produces ticks until cancelled.</summary>
    /// <returns>The number of ticks.</returns>
    private static async Task<long> ProduceUntilAsync(TestSystem system, CancellationToken enough)
    {
        var records = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async partition =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            var record = 0;
            for (; !enough.IsCancellationRequested; record++)
            {
                await system.ProduceAsync(
                    partition, TestTicks.Record(partition, ((record * Partitions) + partition) * TicksOfRecord, TicksOfRecord));
                await timer.WaitForNextTickAsync(Cancellation);
            }

            return record;
        }));
        return records.Sum(count => (long)count * TicksOfRecord);
    }
}
