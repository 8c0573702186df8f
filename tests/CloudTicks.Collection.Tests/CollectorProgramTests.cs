using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests;

[Collection(Hub.Name)]
public class CollectorProgramTests(EventHubFixture fixture)
{
    private static readonly string Program = typeof(CollectorProgramTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "CollectorProgram").Value!;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Program_without_a_key_ends_with_a_sentence()
    {
        await using var collector = await StartAsync(("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", ""));

        (await collector.Exited).ShouldNotBe(0);

        _lines.ShouldHaveSingleItem().ShouldContain("POLYGON_API_KEY is not set");
    }

    [Fact]
    public async Task Program_answers_its_status_and_drains_on_SIGTERM()
    {
        const int ticks = 3_000;
        var sent = new TaskCompletionSource();
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            for (var number = 1; number <= ticks; number++)
            {
                await peer.SendAsync($$"""[{"ev":"C","p":"EUR/USD","b":{{number}},"a":999999,"t":1700000000000}]""");
            }

            sent.SetResult();
            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(fixture.BootstrapServers);
        var before = await archive.NowAsync(TopicNames.TickArchive);
        await using var collector = await StartAsync(
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"), ("Polygon__Endpoint", feed.Address.ToString()),
            ("Collector__FeedName", "simulated"), ("Collector__Symbols", "EURUSD"));
        using var http = new HttpClient { BaseAddress = await _address.Task.WaitAsync(TestContext.Current.CancellationToken) };
        await sent.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri("api/v1/status", UriKind.Relative), TestContext.Current.CancellationToken));
        using var health = await http.GetAsync(new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken);

        (await collector.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, string.Join('\n', _lines));

        health.IsSuccessStatusCode.ShouldBeTrue();
        status.RootElement.GetProperty("feed").GetString().ShouldBe("simulated");
        status.RootElement.GetProperty("connected").GetProperty("forex").GetBoolean().ShouldBeTrue();
        status.RootElement.GetProperty("archived_records").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        status.RootElement.TryGetProperty("first_tick_ms", out _).ShouldBeTrue();
        ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, before)).Count.ShouldBe(ticks);
        (await feed.PlayedAsync()).ClosedBy.ShouldBe(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure);
        _lines.ShouldContain(line => line.Contains("Connected to Polygon.io", StringComparison.Ordinal));
    }

    private Task<ChildProcess> StartAsync(params (string Name, string Value)[] environment) => ChildProcess.StartAsync(new ChildProcessOptions
    {
        FileName = DotNetProgram.Command,
        Arguments = [Program, "--urls", "http://127.0.0.1:0"],
        Environment = environment.ToDictionary(variable => variable.Name, variable => (string?)variable.Value),
        OnOutput = OnLine,
        OnError = OnLine,
    });

    private void OnLine(string line)
    {
        const string listening = "Now listening on: ";
        _lines.Enqueue(line);
        if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + listening.Length)..].Trim()));
        }
    }
}
