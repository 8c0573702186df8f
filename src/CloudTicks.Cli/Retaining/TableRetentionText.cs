using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Retaining;

internal static class TableRetentionText
{
    public static int Show(HubSession session, JsonObject json)
    {
        var isWrong = Text(json["last_run"]?["problem"]) is not null
            || Disks(json).Any(disk => Text(disk["state"]) is "warning" or "critical");
        var code = isWrong ? ExitCodes.Incomplete : ExitCodes.Done;
        if (session.Json)
        {
            session.Console.Json(json);
            return code;
        }

        session.Console.Heading(Kept(json));
        session.Console.Line(json["oldest"] is null
            ? "  market_ticks is empty"
            : string.Create(CultureInfo.InvariantCulture,
                $"  market_ticks has about {Number(json["rows_estimate"]):N0} rows in "
                    + $"{Chunks((json["chunks"] as JsonArray)?.Count ?? 0)}, {Size(json["bytes"])}, of {Time(json["oldest"])} to "
                        + $"{Time(json["newest"])}"));
        if (json["cutoff"] is { } cutoff)
        {
            session.Console.Line($"  cutoff {Time(cutoff)}, counted from {Clock(json)}; {Chunks((int)Number(json["due_chunks"]))} due");
        }

        if (json["last_run"] is JsonObject run)
        {
            session.Console.Line($"  last run {Time(run["started"])}: {What(run)}");
            Problem(session.Console, Text(run["problem"]));
        }
        else
        {
            session.Console.Line("  no run yet since the functions started");
        }

        session.Console.Line($"  next run {Time(json["next_run"])}");
        foreach (var disk in Disks(json))
        {
            DiskText.Show(session.Console, disk);
        }

        return code;
    }

    public static int ShowRun(HubSession session, JsonObject run)
    {
        var problem = Text(run["problem"]);
        if (session.Json)
        {
            session.Console.Json(run);
        }
        else
        {
            session.Console.Heading(Kept(run));
            foreach (var chunk in (run["dropped"] as JsonArray ?? []).OfType<JsonObject>())
            {
                session.Console.Removed(string.Create(CultureInfo.InvariantCulture,
                    $"{Time(chunk["from"])} to {Time(chunk["to"])}, about {Number(chunk["rows_estimate"]):N0} rows, "
                        + $"{Size(chunk["bytes"])}"));
            }

            session.Console.Line(IsDry(run) ? $"A dry run: nothing was dropped, {What(run)}." : $"{Capital(What(run))}.");
            Problem(session.Console, problem);
        }

        return problem is null ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    public static string Size(JsonNode? bytes) => new ByteSize(Number(bytes)).ToString();

    public static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : 0;

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<JsonObject> Disks(JsonObject json) => (json["disks"] as JsonArray ?? []).OfType<JsonObject>();

    private static string Kept(JsonObject json) => json["retention_days"] is null
        ? "Ticks are kept for ever: retention is off"
        : string.Create(CultureInfo.InvariantCulture, $"Ticks are kept for {Number(json["retention_days"]):0.###} days");

    private static string What(JsonObject run)
    {
        var count = (run["dropped"] as JsonArray)?.Count ?? 0;
        var what = count == 0
            ? "nothing was due"
            : string.Create(CultureInfo.InvariantCulture,
                $"{Chunks(count)} {(IsDry(run) ? "would go" : "went")}, about {Number(run["dropped_rows_estimate"]):N0} rows and "
                    + $"{Size(run["dropped_bytes"])}");
        return run["verified"] is JsonValue value && value.TryGetValue<bool>(out var verified)
            ? $"{what}; {(verified ? "nothing older is left, nothing younger went" : "it is not as it should be")}" : what;
    }

    private static bool IsDry(JsonObject run) => run["dry_run"] is JsonValue value && value.TryGetValue<bool>(out var dry) && dry;

    private static string Chunks(int count) => count == 1 ? "1 chunk" : string.Create(CultureInfo.InvariantCulture, $"{count} chunks");

    private static string Clock(JsonObject json) => Text(json["clock"]) switch
    {
        "newest_tick" => "the newest tick",
        "database" => "the clock of the database",
        _ => "the clock of the functions",
    };

    private static string Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : "?";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Problem(HubConsole console, string? problem)
    {
        if (problem is not null)
        {
            console.Error(problem);
        }
    }
}
