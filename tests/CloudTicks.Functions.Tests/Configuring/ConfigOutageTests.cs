using System.Net;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Functions.Tests.Configuring;

public class ConfigOutageTests(PostgresFixture postgres)
{
    private const string Path = "/" + HubClient.Collector;
    private const string RefusedText = "A request about documents was answered with 503";

    /// <summary>A commit, preceded by the last byte of the message's length, so that "READ COMMITTED" does not match.</summary>
    private const string CommitMessage = "\vCOMMIT";

    private const string ChangeStatement = "INSERT INTO config_versions";

    private static readonly string OneSymbol = HubClient.Symbols("EURUSD");
    private static readonly string TwoSymbols = HubClient.Symbols("EURUSD", "GBPUSD");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_get_503_until_the_database_answers()
    {
        await using var ownPostgres = await OwnPostgres.StartAsync(null, Cancellation);
        await using var system = await TestSystem.StartAsync(await ownPostgres.Server.CreateDatabaseAsync("ticks", Cancellation));
        var functions = await system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        var stored = (await hub.PostAsync(Path, OneSymbol)).Is(HttpStatusCode.OK);

        await ownPostgres.KillAsync();
        var refused = new[] { await hub.GetAsync(Path), await hub.PostAsync(Path, TwoSymbols), await hub.GetAsync($"{Path}/history"),
            await hub.GetAsync("") };
        var waiting = await hub.GetAsync($"{Path}?wait=60", stored.Tag);
        await ownPostgres.StartAsync(Cancellation);
        system.ForgetConnections();
        await system.UntilAsync(
            async () => (await hub.GetAsync(Path)).Status is var status && status == HttpStatusCode.OK ? null : $"still {status}");

        refused.ShouldAllBe(
            response => response.Status == HttpStatusCode.ServiceUnavailable && response.MediaType == "application/problem+json");
        refused.ShouldAllBe(response => response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        waiting.Is(HttpStatusCode.ServiceUnavailable);
        (await hub.GetAsync(Path)).Version.ShouldBe(1);
        (await hub.PostAsync(Path, TwoSymbols, stored.Tag)).Is(HttpStatusCode.OK).Version.ShouldBe(2);
        await functions.LineAsync(RefusedText);
        functions.CountLines(RefusedText).ShouldBe(1, functions.Log);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Lost_commit_response_is_reported_as_unknown(bool isStored, int version)
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Cancellation));
        await using var system = await TestSystem.StartAsync(database.ConnectionString);
        await using var proxy = new NatsProxy(database.Port);
        database.Port = new Uri(proxy.Url).Port;
        var functions = await system.StartFunctionsAsync(("ConnectionStrings__timescale", database.ConnectionString));
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        var read = await hub.GetAsync(Path);
        // Other transactions, such as that of retention, commit on other connections.
        var committing = isStored ? proxy.StallResponsesAfter(CommitMessage, ChangeStatement)
            : proxy.StallAfter(CommitMessage, ChangeStatement);

        var post = hub.PostAsync(Path, OneSymbol, read.Tag);
        await committing;
        if (isStored)
        {
            await system.UntilAsync(
                async () => await system.QueryAsync<long>("SELECT count(*) FROM config_versions") == 1 ? null : "not committed yet");
        }

        proxy.Cut();
        var response = await post;
        proxy.Flow();

        response.Is(HttpStatusCode.ServiceUnavailable).Text.ShouldContain("not known");
        await system.UntilAsync(async () => (await hub.GetAsync(Path)).Status == HttpStatusCode.OK ? null : "still unavailable");
        (await hub.GetAsync(Path)).Version.ShouldBe(version);
        (await hub.PostAsync(Path, OneSymbol, read.Tag)).Is(isStored ? HttpStatusCode.PreconditionFailed : HttpStatusCode.OK);
        (await hub.GetAsync(Path)).Version.ShouldBe(1);
        (await system.QueryAsync<long>("SELECT count(*) FROM audit_log")).ShouldBe(1);
    }

    [Fact]
    public async Task Request_to_a_hanging_database_fails_and_changes_nothing()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(Cancellation));
        await using var system = await TestSystem.StartAsync(database.ConnectionString);
        await using var proxy = new NatsProxy(database.Port);
        database.Port = new Uri(proxy.Url).Port;
        var functions = await system.StartFunctionsAsync(("ConnectionStrings__timescale", database.ConnectionString));
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        var read = await hub.GetAsync(Path);

        proxy.Stall();
        (await Task.WhenAll(hub.GetAsync(Path), hub.PostAsync(Path, OneSymbol)))
            .ShouldAllBe(response => response.Status == HttpStatusCode.ServiceUnavailable);
        proxy.Flow();

        await system.UntilAsync(async () => (await hub.GetAsync(Path)).Status == HttpStatusCode.OK ? null : "still unavailable");
        (await hub.PostAsync(Path, TwoSymbols, read.Tag)).Is(HttpStatusCode.OK).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Change_is_refused_while_another_writer_holds_the_lock()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        (await hub.PostAsync(Path, OneSymbol)).Is(HttpStatusCode.OK);
        await using (var holder = await NpgsqlDataSource.Create(system.Database).OpenConnectionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand("BEGIN; SELECT version FROM config_heads FOR UPDATE", holder);
            await command.ExecuteNonQueryAsync(Cancellation);

            (await hub.PostAsync(Path, TwoSymbols)).Is(HttpStatusCode.ServiceUnavailable);
            (await hub.GetAsync(Path)).Is(HttpStatusCode.OK);
        }

        (await hub.PostAsync(Path, TwoSymbols)).Is(HttpStatusCode.OK).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Change_is_announced_on_NATS_and_succeeds_without_NATS()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        await using var services = Subscriber(system.Nats.Url);
        var announced = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscriber = services.GetRequiredService<NatsSubscriber>();
        subscriber.Subscribe("config.*", (subject, payload) => announced.TrySetResult(
            $"{System.Text.Encoding.UTF8.GetString(subject)} {System.Text.Encoding.UTF8.GetString(payload)}"));
        await subscriber.ReadyAsync(Cancellation);

        var first = (await hub.PostAsync(Path, OneSymbol)).Is(HttpStatusCode.OK);
        var announcement = await announced.Task.WaitAsync(Cancellation);
        system.Nats.Servers[0].Kill();
        await functions.LineAsync("Lost the connection to NATS");
        var longPoll = hub.GetAsync($"{Path}?wait=60", first.Tag);
        (await hub.PostAsync(Path, TwoSymbols)).Is(HttpStatusCode.OK);

        announcement.ShouldStartWith($"config.{HubClient.Collector} ");
        announcement.ShouldContain("\"version\":1");
        (await longPoll).Is(HttpStatusCode.OK).Version.ShouldBe(2);
        // The line is logged once, for version 1 or 2: the server may have exited before it confirmed version 1.
        await functions.LineAsync($" of {HubClient.Collector} may not have been announced on NATS");
    }

    [Fact]
    public async Task Stopping_functions_complete_waiting_requests()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync(("LOG_LEVEL", "DEBUG"));
        await functions.UntilHealthAsync(200);
        using var hub = new HubClient(await functions.AddressAsync());
        var read = await hub.GetAsync(Path);
        var longPoll = hub.GetAsync($"{Path}?wait=60", read.Tag);
        await functions.LineAsync($" s for the document of {HubClient.Collector} to change");

        await functions.DisposeAsync();

        (await longPoll).Is(HttpStatusCode.NotModified);
        (await functions.Exited).ShouldBe(0);
    }

    [Fact]
    public async Task Invalid_defaults_prevent_the_start()
    {
        await using var system = await TestSystem.StartAsync(postgres);

        var functions = await system.StartFunctionsAsync(("CentralHub__Defaults__polygon-live-collector", HubClient.Symbols("EUR USD !")));

        (await functions.Exited).ShouldBe(2);
        functions.Log.ShouldContain("/operational/symbols/0");
    }

    private static ServiceProvider Subscriber(string url) => new ServiceCollection().AddLogging()
        .AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:nats"] = url }).Build())
        .AddNatsSubscriber().BuildServiceProvider();
}
