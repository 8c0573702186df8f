using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Tailing;

public class TailTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private const string EurUsd =
        """{"symbol":"EURUSD","timestamp_ms":1737993600000,"bid":1.0451,"ask":1.0452,"received_ms":1737993600012,"id":"9f86d081884c7d65"}""";
    private const string Bitcoin =
        """{"symbol":"BTC-USD","timestamp_ms":1737993600001,"price":100000.5,"size":0.1,"received_ms":1737993600012,"id":"9f86d081884c7d66","source":"backfill"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tail_json_prints_matching_ticks_as_published()
    {
        await using var feed = new Feed(nats);
        using var program = CliProcess.Start(Environment(), "tail", "eurusd", "BTC-*", "--json", "--count", "2");
        var sending = feed.RepeatAsync(
            ("ticks.AAPL", """{"symbol":"AAPL","timestamp_ms":1}"""), ("ticks.EURUSD", EurUsd), ("ticks.BTC-USD", Bitcoin),
            ("ticks.EURUSD", "no tick"));

        var lines = (await program.Output.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        (await program.WaitAsync()).ShouldBe(0);
        await feed.EndAsync(sending);
        lines.Order().ShouldBe([Bitcoin, EurUsd]);
    }

    [Fact]
    public async Task Tail_removes_control_characters()
    {
        await using var feed = new Feed(nats);
        using var program = CliProcess.Start(Environment(), "tail", "*", "--count", "1");
        var sending = feed.RepeatAsync(
            ("ticks.EVIL", """{"symbol":"E\u001b[2J","timestamp_ms":1737993600000,"bid":1.5,"source":"replay"}"""));

        var text = await program.Output.ReadToEndAsync(Cancellation);

        await feed.EndAsync(sending);
        text.ShouldContain("2025-01-27T16:00:00.000Z  E?[2J");
        text.ShouldContain("bid 1.5");
        text.ShouldContain("replay");
        text.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Tail_ends_silently_when_the_output_pipe_closes()
    {
        await using var feed = new Feed(nats);
        using var program = CliProcess.Start(Environment(), "tail", "EURUSD");
        var sending = feed.RepeatAsync(("ticks.EURUSD", EurUsd));
        (await program.Output.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        program.Output.Close();

        (await program.WaitAsync()).ShouldBe(0);
        await feed.EndAsync(sending);
        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tail_from_unreachable_nats_reports_it()
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), "tail", "EURUSD", "--server", "127.0.0.1:1");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("NATS at nats://127.0.0.1:1 does not answer");
    }

    private Dictionary<string, string?> Environment() => new() { ["ConnectionStrings__nats"] = nats.Url };
}
