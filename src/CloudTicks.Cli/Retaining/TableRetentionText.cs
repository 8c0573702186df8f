using System.Globalization;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Retaining;

internal static class TableRetentionText
{
    public static int Show(HubSession session, HubResponse response)
    {
        var table = response.Read<TableStatus>();
        var isWrong = table.LastRun?.Problem is not null || table.Disks.Any(disk => disk.State is "warning" or "critical");
        var code = isWrong ? ExitCodes.Incomplete : ExitCodes.Done;
        if (session.Json)
        {
            session.Console.Json(response.Object);
            return code;
        }

        session.Console.Heading(DescribeWindow(table.RetentionDays));
        session.Console.Line(table.Oldest is null
            ? "  market_ticks is empty"
            : string.Create(CultureInfo.InvariantCulture,
                $"  market_ticks has about {Counted.Of(table.RowsEstimate, "row")} in {Chunks(table.Chunks.Count)}, "
                    + $"{new ByteSize(table.Bytes)}, from {Time(table.Oldest)} to {Time(table.Newest)}"));
        if (table.Cutoff is { } cutoff)
        {
            session.Console.Line($"  cutoff {Time(cutoff)}, counted from {Clock(table)}; {Chunks(table.DueChunks)} due");
        }

        if (table.LastRun is { } run)
        {
            session.Console.Line($"  last run {Time(run.Started)}: {DescribeRun(run)}");
            Problem(session.Console, run);
        }
        else
        {
            session.Console.Line("  no run yet since the functions started");
        }

        session.Console.Line($"  next run {Time(table.NextRun)}");
        foreach (var disk in table.Disks)
        {
            DiskText.Show(session.Console, disk);
        }

        return code;
    }

    public static int ShowRun(HubSession session, HubResponse response)
    {
        var run = response.Read<TableRetentionRun>();
        if (session.Json)
        {
            session.Console.Json(response.Object);
        }
        else
        {
            session.Console.Heading(DescribeWindow(run.RetentionDays));
            foreach (var chunk in run.Dropped)
            {
                session.Console.Removed(string.Create(CultureInfo.InvariantCulture,
                    $"{Time(chunk.From)} to {Time(chunk.To)}, about {Counted.Of(chunk.RowsEstimate, "row")}, {new ByteSize(chunk.Bytes)}"));
            }

            session.Console.Line(run.DryRun ? $"Dry run: nothing was dropped, {DescribeRun(run)}." : $"{Capitalise(DescribeRun(run))}.");
            Problem(session.Console, run);
        }

        return run.Problem is null ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private static string DescribeWindow(double? days) => days is null
        ? "Ticks never expire: retention is off"
        : Counted.Agree(string.Create(CultureInfo.InvariantCulture, $"Ticks are kept for {days:0.###} days"));

    private static string DescribeRun(TableRetentionRun run)
    {
        var what = run.Dropped.Count == 0
            ? "nothing was due"
            : string.Create(CultureInfo.InvariantCulture,
                $"{Chunks(run.Dropped.Count)} {(run.DryRun ? "to drop" : "dropped")}, about "
                    + $"{Counted.Of(run.DroppedRowsEstimate, "row")} and {new ByteSize(run.DroppedBytes)}");
        return run.Verified is { } verified
            ? $"{what}; {(verified ? "no older tick remains, and no newer tick is missing" : "the result is wrong")}" : what;
    }

    private static string Chunks(int count) => Counted.Of(count, "chunk");

    private static string Clock(TableStatus table) => table.Clock switch
    {
        "newest_tick" => "the newest tick",
        "database" => "the clock of the database",
        _ => "the clock of the functions",
    };

    private static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "?";

    private static string Capitalise(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Problem(HubConsole console, TableRetentionRun run)
    {
        if (run.Problem is { } problem)
        {
            console.Error(problem);
        }
    }
}
