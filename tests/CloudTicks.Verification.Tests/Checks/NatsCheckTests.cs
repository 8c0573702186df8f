using System.Globalization;
using System.Text;
using CloudTicks.LocalServices.Nats;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using CloudTicks.Verification.Findings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>The NATS check with a real server: the collector receives ticks, not all of which are published.</summary>
public sealed class NatsCheckTests : IAsyncLifetime
{
    private const string Status = "api/v1/status";
    private static readonly string[] Pairs = ["EURUSD", "GBPUSD"];

    /// <summary>The duration of a check that fails; it includes the time to connect, which is long on a busy machine.</summary>
    private static readonly TimeSpan FailureTime = TimeSpan.FromSeconds(10);

    private NatsCluster? _nats;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NatsCluster Nats => _nats ?? throw new InvalidOperationException();

    public async ValueTask InitializeAsync() => _nats = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);

    public ValueTask DisposeAsync() => Nats.DisposeAsync();

    [Fact]
    public async Task Published_symbols_pass_and_an_unpublished_one_is_named()
    {
        (await CheckAsync(Pairs, TimeSpan.FromSeconds(60))).Sentence.ShouldContain("2 of 2 symbols that ticked during the check were seen");

        var finding = await CheckAsync(["EURUSD"], FailureTime);

        finding.State.ShouldBe(CheckState.Fail);
        finding.Facts!["missing"]!.AsArray().Select(symbol => symbol!.GetValue<string>()).ShouldContain("GBPUSD");
    }

    [Fact]
    public async Task One_tick_of_a_quiet_symbol_suffices()
    {
        var finding = await CheckAsync(Pairs, TimeSpan.FromSeconds(60), maxTicks: 2);

        (finding.State, finding.Sentence).ShouldSatisfyAllConditions(
            found => found.State.ShouldBe(CheckState.Pass),
            found => found.Sentence.ShouldContain("2 of 2 symbols that ticked during the check were seen"));
    }

    [Fact]
    public async Task Stopped_PublishTicks_fails_for_every_ticking_symbol()
    {
        var finding = await CheckAsync([], FailureTime);

        finding.State.ShouldBe(CheckState.Fail);
        finding.Sentence.ShouldContain("2 of 2 symbols that ticked were not received");
        finding.Cure!.ShouldContain("PublishTicks");
    }

    [Fact]
    public async Task Killed_NATS_server_is_named_as_the_cause()
    {
        var finding = await CheckAsync(
            Pairs, FailureTime, async () =>
            {
                Nats.Servers[0].Kill();
                await Nats.Servers[0].Exited;
            });

        finding.State.ShouldBe(CheckState.Fail);
        finding.Sentence.ShouldContain("was lost during the check");
    }

    /// <summary>
    /// Runs the check while a collector receives two symbols. Without a first step, the given symbols are published at each query.
    /// </summary>
    private async Task<Finding> CheckAsync(string[] published, TimeSpan timeout, Func<Task>? firstStep = null, int maxTicks = int.MaxValue)
    {
        await using var provider = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>()
            .AddSingleton(NatsConnectionSettings.Parse(Nats.Url)).AddSingleton(TimeProvider.System).AddSingleton<NatsPublisher>()
            .BuildServiceProvider();
        var publisher = provider.GetRequiredService<NatsPublisher>();
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await using var system = await ScriptedSystem.StartAsync();
        var queryCount = 0;
        system.Collector.Respond(Status, async context =>
        {
            if (Interlocked.Increment(ref queryCount) == 1 && firstStep is not null)
            {
                await firstStep();
            }

            if (firstStep is null && published.Length > 0)
            {
                foreach (var symbol in published)
                {
                    await publisher.PublishAsync(Encoding.UTF8.GetBytes($"ticks.{symbol}"), "{}"u8);
                }
            }

            var counts = string.Join(
                ',', Pairs.Select(symbol => string.Create(
                    CultureInfo.InvariantCulture, $$"""" "{{symbol}}":{"received":{{Math.Min(queryCount, maxTicks)}} } """")));
            await context.Response.WriteAsync(ScriptedSystem.Status(symbols: counts), Encoding.UTF8, Cancellation);
        });
        return await system.CheckAsync("nats", nats: Nats.Url, timeout: timeout);
    }
}
