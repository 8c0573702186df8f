using System.Text.Json.Nodes;
using CloudTicks.Functions.Tests.Configuring;
using CloudTicks.TestServices;
using Npgsql;

namespace CloudTicks.Functions.Tests.Retaining;

/// <summary>The command <c>cloudticks retention</c> as a separate process.</summary>
public sealed class TableRetentionCommandTests(PostgresFixture postgres)
{
    private const long HourMs = TableRetentionApp.HourMs;

    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retention_status_dry_run_and_run_are_printed()
    {
        await using var app = await TableRetentionApp.StartAsync(postgres);
        await app.FillAsync(_now - (76 * HourMs), _now);
        var dueChunks = (await app.GetStatusAsync()).GetProperty("due_chunks").GetInt32();

        var result = await RunAsync(app, "show");
        result.Code.ShouldBe(0, result.Errors);
        result.Output.ShouldStartWith("Ticks are kept for 3 days\n  market_ticks has about ");
        result.Output.ShouldContain(
            $", counted from the newest tick; {dueChunks} chunks due\n  no run yet since the functions started\n  next run ");

        var dryRun = await RunAsync(app, "run", "--dry-run");
        dryRun.Output.ShouldContain($"Dry run: nothing was dropped, {dueChunks} chunks to drop, about ");
        dryRun.Output.Split('\n').Count(line => line.StartsWith("- ", StringComparison.Ordinal)).ShouldBe(dueChunks);
        (await app.GetStatusAsync()).GetProperty("due_chunks").GetInt32().ShouldBe(dueChunks);

        var completed = await RunAsync(app, "run", "--json");
        (completed.Code, JsonNode.Parse(completed.Output)!["verified"]!.GetValue<bool>()).ShouldBe((0, true));
        JsonNode.Parse(completed.Output)!["dropped"]!.AsArray().Count.ShouldBe(dueChunks);

        (await RunAsync(app, "run")).Output.ShouldEndWith("Nothing was due; no older tick remains, and no newer tick is missing.\n");
        (await RunAsync(app, "show")).Output.ShouldContain("0 chunks due\n  last run ");
    }

    [Fact]
    public async Task Incomplete_run_prints_the_reason_and_exits_with_1()
    {
        await using var app = await TableRetentionApp.StartAsync(postgres);
        await app.FillAsync(_now - (75 * HourMs), _now);
        await using (var reader = await app.Database.OpenConnectionAsync(Cancellation))
        await using (await reader.BeginTransactionAsync(Cancellation))
        {
            await using var read = new NpgsqlCommand("SELECT * FROM market_ticks ORDER BY timestamp_ms LIMIT 1", reader);
            await read.ExecuteNonQueryAsync(Cancellation);

            var blocked = await RunAsync(app, "run");

            (blocked.Code, blocked.Errors.Contains("is locked by session ", StringComparison.Ordinal)).ShouldBe((1, true), blocked.Errors);
            blocked.Output.ShouldEndWith("the result is wrong.\n");
        }

        (await RunAsync(app, "show")).Code.ShouldBe(1);
        (await RunAsync(app, "run")).Code.ShouldBe(0);
        (await RunAsync(app, "show")).Code.ShouldBe(0);
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(TableRetentionApp app, params string[] arguments) =>
        CliProgram.RunAsync(app.Http.BaseAddress!.Authority, ["retention", .. arguments]);
}
