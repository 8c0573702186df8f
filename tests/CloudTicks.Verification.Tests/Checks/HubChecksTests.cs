using CloudTicks.TestServices;
using CloudTicks.Verification.Findings;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>The checks that use the central hub's responses, in situations in which they pass or fail.</summary>
public class HubChecksTests
{
    private const string Config = "api/v1/config";
    private const string Document = "api/v1/config/polygon-live-collector";
    private const string Retention = "api/v1/retention";

    [Fact]
    public async Task Configuration_check_fails_for_an_older_version()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Hub.Respond(Config, ScriptedSystem.Services());
        (await system.CheckAsync("configuration")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Pass),
            finding => finding.Sentence.ShouldContain("polygon-live-collector version 3 (1 process)"));

        system.Hub.Respond(Config, ScriptedSystem.Services(newest: 4, followed: 3, problem: "\"Version 4: no such list.\""));
        (await system.CheckAsync("configuration")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail),
            finding => finding.Sentence.ShouldBe(
                "host-1 uses version 3 of polygon-live-collector, but the newest is 4: Version 4: no such list."));
    }

    [Fact]
    public async Task Configuration_fails_without_recent_process_reports()
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Hub.Respond(Config, ScriptedSystem.Services(reportedMsAgo: 60_000));

        (await system.CheckAsync("configuration")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail),
            finding => finding.Sentence.ShouldContain("No process of polygon-live-collector has reported since"));
    }

    [Theory]
    [InlineData("configuration")]
    [InlineData("hot-reload")]
    public async Task Services_of_a_replay_are_not_checked(string check)
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Hub.Respond(Config, ScriptedSystem.Services(reportedMsAgo: 60_000));

        (await system.CheckAsync(check, followsHub: false)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Unknown),
            finding => finding.Sentence.ShouldStartWith("Not checked: this AppHost replays"));
    }

    [Theory]
    [InlineData(true, 0L, CheckState.Pass, "A change immediately reaches 1 process")]
    [InlineData(false, 0L, CheckState.Fail, "does not hold the request")]
    [InlineData(true, 60_000L, CheckState.Fail, "a change would reach none")]
    public async Task Hot_reload_needs_a_held_request_and_recent_reports(
        bool holds, long reportedMsAgo, CheckState state, string sentence)
    {
        var time = new TestTime(TimeProvider.System.GetUtcNow());
        await using var system = await ScriptedSystem.StartAsync();
        system.Hub.Respond(Config, ScriptedSystem.Services(reportedMsAgo: reportedMsAgo));
        system.Hub.Respond(Document, async context =>
        {
            context.Response.Headers.ETag = "\"3-abc\"";
            if (context.Request.Headers.IfNoneMatch == "\"3-abc\"")
            {
                time.Advance(TimeSpan.FromSeconds(holds ? 1 : 0));
                context.Response.StatusCode = StatusCodes.Status304NotModified;
            }
            else
            {
                await context.Response.WriteAsync("{}");
            }
        });

        var check = system.CheckAsync("hot-reload", time: time);
        if (reportedMsAgo > 0)
        {
            // The check waits once for a report.
            await time.UntilTimerAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        (await check).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(state), finding => finding.Sentence.ShouldContain(sentence));
    }

    [Theory]
    [InlineData("""{"retention_days":3,"cutoff":"2026-11-17T09:00:00Z","oldest":"2026-11-17T09:10:00Z","due_chunks":0,"last_run":null}""",
        CheckState.Pass, "3 days")]
    [InlineData(
        """{"retention_days":3,"cutoff":null,"oldest":null,"due_chunks":0,"last_run":null}""", CheckState.Pass, "the table is empty")]
    [InlineData(
        """{"retention_days":null,"cutoff":null,"oldest":null,"due_chunks":0,"last_run":null}""", CheckState.Fail, "Retention is off")]
    [InlineData("""{"retention_days":3,"cutoff":"2026-11-17T09:00:00Z","oldest":"2026-11-16T09:10:00Z","due_chunks":23,"last_run":null}""",
        CheckState.Fail, "23 chunks are older")]
    [InlineData(
        """{"retention_days":3,"cutoff":"2026-11-17T09:00:00Z","oldest":"2026-11-17T08:10:00Z","due_chunks":0,"last_run":{"started":null,"verified":false,"problem":"A chunk is left."}}""",
        CheckState.Fail, "A chunk is left.")]
    public async Task Retention_fails_if_it_is_off_or_overdue(string answer, CheckState state, string sentence)
    {
        await using var system = await ScriptedSystem.StartAsync();
        system.Hub.Respond(Retention, answer);

        (await system.CheckAsync("retention")).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(state), finding => finding.Sentence.ShouldContain(sentence));
    }

    [Theory]
    [InlineData("configuration")]
    [InlineData("hot-reload")]
    [InlineData("retention")]
    public async Task Check_fails_for_an_unreachable_hub_or_database(string check)
    {
        await using var system = await ScriptedSystem.StartAsync();
        foreach (var path in (string[])[Config, Retention])
        {
            system.Hub.Respond(path, 503, """{"title":"The database does not answer."}""");
        }

        (await system.CheckAsync(check)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(CheckState.Fail),
            finding => finding.Sentence.ShouldContain("answers 503: The database does not answer"));

        await system.Hub.DisposeAsync();
        (await system.CheckAsync(check)).State.ShouldBe(CheckState.Fail);
    }

    [Theory]
    [InlineData("table", CheckState.Unknown, "The address of the database is unknown.")]
    [InlineData("nats", CheckState.Fail, "NATS at nats://127.0.0.1:1 does not answer")]
    public async Task Unknown_or_unreachable_addresses_are_reported(string check, CheckState state, string sentence)
    {
        await using var system = await ScriptedSystem.StartAsync();

        (await system.CheckAsync(check)).ShouldSatisfyAllConditions(
            finding => finding.State.ShouldBe(state), finding => finding.Sentence.ShouldContain(sentence));
    }
}
