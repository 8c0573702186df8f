using CloudTicks.Verification.Findings;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>The checks that use a collector's responses, in situations in which they pass or fail.</summary>
public class CollectorChecksTests
{
    private const string Status = "api/v1/status";
    private const string Symbols = "api/v1/symbols";

    [Theory]
    [InlineData(CheckState.Pass, "2 of 2 symbols tick", 10L, "regular")]
    [InlineData(CheckState.Fail, "GBPUSD (no tick for 11 min)", 666_000L, "regular")]
    [InlineData(CheckState.Pass, "; 1 symbol is in a closed market", 666_000L, "closed")]
    [InlineData(CheckState.Pass, "; 1 symbol is quiet in extended hours", 666_000L, "extended")]
    public async Task Quiet_symbol_fails_only_in_the_hours_of_its_market(
        CheckState state, string sentence, long ageMs, string phase)
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status());
        system.Collector.Respond(Symbols, $"[{ScriptedSystem.Channel("EURUSD", 10)},{ScriptedSystem.Channel("GBPUSD", ageMs, phase)}]");

        var finding = await system.CheckAsync("symbols");

        finding.ShouldSatisfyAllConditions(() => finding.State.ShouldBe(state), () => finding.Sentence.ShouldContain(sentence));
    }

    [Fact]
    public async Task Symbol_may_pause_as_usual_but_must_have_ticked()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status());
        system.Collector.Respond(Symbols, $"[{ScriptedSystem.Channel("EURUSD", 150_000, pauseMs: 30_000)}]");
        (await system.CheckAsync("symbols")).State.ShouldBe(CheckState.Pass);

        system.Collector.Respond(Symbols, $"[{ScriptedSystem.Channel("EURUSD", null, pauseMs: null)}]");
        var finding = await system.CheckAsync("symbols");

        (finding.State, finding.Facts!["inactive"]!["EURUSD"]!.GetValue<string>()).ShouldBe(
            (CheckState.Fail, "no tick since it was selected, or its market opened, 2 h ago"));
    }

    [Fact]
    public async Task Newly_selected_symbol_is_unknown()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status());
        system.Collector.Respond(Symbols, $"[{ScriptedSystem.Channel("EURUSD", null, wantedForMs: 3_000)}]");

        (await system.CheckAsync("symbols")).State.ShouldBe(CheckState.Unknown);
    }

    [Theory]
    [InlineData("\"C.EUR/USD\"", "", "not acknowledged")]
    [InlineData("", "\"C.EUR/USD\"", "has no ticks, even on a new session")]
    public async Task Symbols_that_the_collector_reports_as_faulty_fail(string missing, string stale, string problem)
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status(missing: missing, stale: stale));
        system.Collector.Respond(Symbols, $"[{ScriptedSystem.Channel("EURUSD", 10)}]");

        var finding = await system.CheckAsync("symbols");

        (finding.State, finding.Sentence).ShouldSatisfyAllConditions(
            found => found.State.ShouldBe(CheckState.Fail), found => found.Sentence.ShouldContain(problem));
    }

    [Fact]
    public async Task Connection_check_fails_for_lost_and_missing_sessions()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status(outages: 4));
        (await system.CheckAsync("connection")).State.ShouldBe(CheckState.Pass);

        system.Collector.Respond(Status, ScriptedSystem.Status(sinceMs: ScriptedSystem.NowMs - 60_000));
        (await system.CheckAsync("connection")).State.ShouldBe(CheckState.Pass);

        system.Collector.Respond(Status, ScriptedSystem.Status(sinceMs: ScriptedSystem.NowMs - 60_000, outages: 1));
        (await system.CheckAsync("connection")).Sentence.ShouldContain("lost and restored");

        system.Collector.Respond(Status, ScriptedSystem.Status(state: "waiting"));
        (await system.CheckAsync("connection")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail), finding => finding.Sentence.ShouldContain("forex/0 has been waiting"));
    }

    [Fact]
    public async Task Rate_limit_check_fails_for_recent_refusals()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Collector.Respond(Status, ScriptedSystem.Status());
        (await system.CheckAsync("rate-limits")).State.ShouldBe(CheckState.Pass);

        system.Collector.Respond(Status, ScriptedSystem.Status(violations: 3, violatedMs: ScriptedSystem.NowMs - 86_400_000));
        (await system.CheckAsync("rate-limits")).State.ShouldBe(CheckState.Pass);

        system.Collector.Respond(Status, ScriptedSystem.Status(violations: 3, violatedMs: ScriptedSystem.NowMs - 60_000));
        (await system.CheckAsync("rate-limits")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail),
            finding => finding.Sentence.ShouldContain("3 REST requests were refused with 429"));

        system.Collector.Respond(Status, ScriptedSystem.Status(limit: 1));
        (await system.CheckAsync("rate-limits")).Cure!.ShouldContain("Polygon__MaxConnections to 1");
    }

    [Theory]
    [InlineData("symbols")]
    [InlineData("connection")]
    [InlineData("rate-limits")]
    public async Task Unreachable_collector_fails_and_an_unusable_one_is_unknown(string check)
    {
        await using var system = await ScriptedSystem.StartAsync();
        foreach (var path in (string[])[Status, Symbols])
        {
            system.Collector.Respond(path, 401, "{}");
        }

        (await system.CheckAsync(check)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Unknown), finding => finding.Cure!.ShouldContain("CLOUDTICKS_HUB_KEY"));

        foreach (var path in (string[])[Status, Symbols])
        {
            system.Collector.Respond(path, """{"of":"another version"}""");
        }

        (await system.CheckAsync(check)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Unknown), finding => finding.Sentence.ShouldContain("another version of the"));

        await system.Collector.DisposeAsync();
        (await system.CheckAsync(check)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail), finding => finding.Sentence.ShouldContain("does not answer"));
    }
}
