using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Rollouts;
using CloudTicks.Messaging;
using CloudTicks.ServiceDocuments;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Tests.Rollouts;

/// <summary>Guards with a real database, and a clock that the test controls.</summary>
public sealed class GuardTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TestTime _time = new(new DateTimeOffset(2026, 1, 15, 15, 0, 0, TimeSpan.Zero));
    private ServiceProvider _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:timescale", await postgres.CreateDatabaseAsync(Cancellation)),
            new("ConnectionStrings:nats", "nats://127.0.0.1:1"),
        ]).Build();
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(_time)
            .AddTimescale(configuration).AddCentralHubStore().AddNatsPublisher().AddDocuments().AddRollouts().BuildServiceProvider();
        await _services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Ticks_refused_since_the_step_roll_it_back()
    {
        await MakeStepsAsync("""{"window":60,"max_refused_ticks":10}""", 10, 50);
        // This report precedes the step. The next report is the first after the step, so it sets the baseline.
        await ReportAsync("one", 1, ("refused_ticks", 10));
        await CheckAsync();
        await ReportAsync("one", 2, ("refused_ticks", 1_000), ("missing_acks", 5));
        await CheckAsync();
        await ReportAsync("one", 2, ("refused_ticks", 1_010));
        await CheckAsync();
        (await NewestAsync()).Version.Version.ShouldBe(2);

        await ReportAsync("two", 2, ("refused_ticks", 0));
        await CheckAsync();
        await ReportAsync("two", 2, ("refused_ticks", 1));
        await CheckAsync();

        var newest = (await NewestAsync()).Version;
        (newest.Version, newest.Action, newest.Author).ShouldBe((3, "guard", "guard"));
        newest.Comment.ShouldBe(
            "rollout f of nasdaq-100: the step of version 2 is rolled back, because 11 ticks were refused since then, and at most 10 are "
                + "allowed");
        newest.Changes.ShouldContain(change => change.StartsWith("unsubscribe ", StringComparison.Ordinal));
        Percentage(await NewestAsync()).ShouldBe(10);

        // Version 3 is the rollback: it turned no symbols on, so the guard does not apply to it.
        await ReportAsync("two", 3, ("refused_ticks", 1_000_000));
        await CheckAsync();
        (await NewestAsync()).Number.ShouldBe(3);
    }

    [Fact]
    public async Task Restarted_process_counts_from_zero()
    {
        await MakeStepsAsync("""{"window":60,"max_refused_ticks":10}""", 10);
        await ReportAsync("one", 1, ("refused_ticks", 500));
        await CheckAsync();
        await ReportAsync("one", 1, ("refused_ticks", 4));
        await CheckAsync();
        (await NewestAsync()).Number.ShouldBe(1);

        var other = ActivatorUtilities.CreateInstance<RolloutGuards>(_services);
        await ReportAsync("one", 1, ("refused_ticks", 11));
        await other.CheckAsync(Cancellation);

        (await NewestAsync()).Number.ShouldBe(2);
    }

    [Theory]
    [InlineData("max_missing_acks", 0, "missing_acks", "polygon-live-collector")]
    [InlineData("max_lag_records", 100, "lag_records", "tick-functions")]
    [InlineData("max_feed_latency_ms", 250, "feed_latency_ms", "polygon-live-collector")]
    public async Task Figure_above_its_limit_rolls_the_step_back(
        string limit, double maximum, string figure, string service)
    {
        await MakeStepsAsync(FormattableString.Invariant($$$$"""{"window":60,"{{{{limit}}}}":{{{{maximum}}}}}"""), 10, 20);
        await ReportAsync("one", 2, service, (figure, maximum));
        await CheckAsync();
        (await NewestAsync()).Number.ShouldBe(2);

        await ReportAsync("one", 2, service, (figure, maximum + 1));
        await CheckAsync();

        (await NewestAsync()).Version.Comment!.ShouldContain($"at most {maximum} are allowed");
        Percentage(await NewestAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task Reports_outside_the_window_roll_nothing_back()
    {
        await MakeStepsAsync("""{"window":60,"max_missing_acks":0}""", 10, 20);
        await ReportAsync("one", 1, ("missing_acks", 9));
        await CheckAsync();

        // After 16 seconds this report is too old, as if the process had exited.
        await ReportAsync("two", 2, ("missing_acks", 9));
        _time.Advance(TimeSpan.FromSeconds(16));
        await CheckAsync();

        _time.Advance(TimeSpan.FromSeconds(45));
        await ReportAsync("one", 2, ("missing_acks", 9));
        await CheckAsync();

        (await NewestAsync()).Number.ShouldBe(2);
    }

    [Fact]
    public async Task Step_that_turns_symbols_off_is_not_watched()
    {
        await MakeStepsAsync("""{"window":60,"max_missing_acks":0}""", 20, 10);
        await ReportAsync("one", 2, ("missing_acks", 9));
        await CheckAsync();
        (await NewestAsync()).Number.ShouldBe(2);

        await PatchAsync(Flag(30));
        await PatchAsync("""{"operational":{"rate_limit_per_second":9}}""");
        await ReportAsync("one", 4, ("missing_acks", 9));
        await CheckAsync();

        var newest = await NewestAsync();
        newest.Number.ShouldBe(5);
        Percentage(newest).ShouldBe(10);
        newest.Read()["operational"]!["rate_limit_per_second"]!.GetValue<int>().ShouldBe(9);
    }

    [Fact]
    public async Task First_step_is_rolled_back_by_disabling_the_flag()
    {
        await MakeStepsAsync("""{"window":60,"max_missing_acks":0}""", 100);
        await ReportAsync("one", 1, ("missing_acks", 1));
        await CheckAsync();

        var newest = await NewestAsync();
        newest.Number.ShouldBe(2);
        newest.Version.Changes.Count(change => change.StartsWith("unsubscribe ", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        newest.Read()["feature_management"]!["feature_flags"]![0]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
        Percentage(newest).ShouldBe(100);
    }

    [Fact]
    public async Task Concurrent_guards_roll_the_step_back_once()
    {
        await MakeStepsAsync("""{"window":60,"max_missing_acks":0}""", 10, 20);
        await ReportAsync("one", 2, ("missing_acks", 1));
        RolloutGuards[] guards = [.. Enumerable.Range(0, 4).Select(_ => ActivatorUtilities.CreateInstance<RolloutGuards>(_services))];

        await Task.WhenAll(guards.Select(guard => guard.CheckAsync(Cancellation)));

        (await NewestAsync()).Number.ShouldBe(3);
        Percentage(await NewestAsync()).ShouldBe(10);
    }

    private static double Percentage(StoredDocument document) =>
        document.Read()["feature_management"]!["feature_flags"]![0]!["conditions"]!["client_filters"]![0]!
            ["parameters"]!["Audience"]!["DefaultRolloutPercentage"]!.GetValue<double>();

    private static string Flag(double percentage) => FormattableString.Invariant($$$$$$"""
        {"feature_management":{"feature_flags":[{"id":"f","enabled":true,"conditions":{"client_filters":[
          {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":{{{{{{percentage}}}}}}}}}]}}]}}
        """);

    /// <summary>Creates a rollout with a guard: one version for each percentage, a minute after the previous one.</summary>
    private async Task MakeStepsAsync(string guard, params double[] percentages)
    {
        foreach (var percentage in percentages)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            var patch = JsonNode.Parse(Flag(percentage))!.AsObject();
            patch["operational"] = JsonNode.Parse(
                $$$$"""{"symbols":["EURUSD"],"rollouts":[{"flag":"f","list":"nasdaq-100","guard":{{{{guard}}}}}]}""");
            await PatchAsync(patch.ToJsonString());
        }
    }

    private async Task PatchAsync(string patch)
    {
        var result = await _services.GetRequiredService<DocumentChanges>().MakeAsync(
            new ChangeRequest(KnownServices.Documents.Find(ServiceNames.Collector)!, "patch", "test", null),
            inForce => (JsonObject)MergePatch.Apply(inForce.Read(), JsonNode.Parse(patch))!, Cancellation);
        result.State.ShouldBe(ChangeOutcome.Made, string.Join('\n', result.Faults));
    }

    private Task ReportAsync(string instance, int version, params (string Name, double Value)[] figures) =>
        ReportAsync(instance, version, ServiceNames.Collector, figures);

    private async Task ReportAsync(string instance, int version, string service, params (string Name, double Value)[] figures)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var report = new ServiceReport(
            service, instance, 0, version, "current", null, figures.ToDictionary(figure => figure.Name, figure => figure.Value));
        (await _services.GetRequiredService<ServiceReports>().PutAsync(report, Cancellation)).ShouldBeTrue();
    }

    private Task CheckAsync() => _services.GetRequiredService<RolloutGuards>().CheckAsync(Cancellation);

    private Task<StoredDocument> NewestAsync() =>
        _services.GetRequiredService<DocumentReader>().NewestAsync(ServiceNames.Collector, Cancellation);
}
