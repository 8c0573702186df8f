using System.CommandLine;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Retaining;

/// <summary><c>cloudticks retention</c>: shows how long ticks stay in the table, and deletes old ones.</summary>
internal static class TableRetentionCommand
{
    private const string Root = "api/v1/retention";

    private const string Description = $"""
        Show how long ticks stay in the table market_ticks, and drop what is due without waiting for the timer.

        Whole chunks of an hour are dropped, never one with a tick inside the window; the archive keeps all ticks. Set the window with
        'cloudticks config set tick-functions retention_days=3'.
        {TargetSystem.Rule}

        Exit codes: 0 healthy; 1 with show: the last run had a problem, or a disk is or will soon be full; with run: this run had a problem,
        such as older ticks that remain; 3 another program is running retention; the others are those of cloudticks config.

        Examples:
          cloudticks retention show
          cloudticks retention run --dry-run
          cloudticks retention run --json
        """;

    public static Command Create() => new("retention", Description)
    {
        new Command("show", "Show the window, what is due, the last run, and the disks.").OnHub(async (session, _, cancellationToken) =>
            TableRetentionText.Show(session, await session.Hub.GetAsync(Root, cancellationToken))),
        new Command("run", "Drop what is due now, and verify the result.") { HubOptions.DryRun }.ChangesHub(
            RunAsync),
    };

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var path = result.GetValue(HubOptions.DryRun) ? $"{Root}/run?dry_run=true" : $"{Root}/run";
        return TableRetentionText.ShowRun(session, await session.Hub.SendAsync(HttpMethod.Post, path, null, null, cancellationToken));
    }
}
