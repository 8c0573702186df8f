using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Disks;
using CloudTicks.Timescale.Retention;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Retaining;

internal static class TableRetentionJson
{
    /// <summary>As <see cref="EnforceRetention"/> is scheduled.</summary>
    private static readonly TimeSpan BetweenRuns = TimeSpan.FromMinutes(10);

    public static IActionResult Of(
        TableRetentionStatus picture, TableRetentionResult? last, IEnumerable<DiskState> disks, DateTimeOffset now)
    {
        var json = Window(picture.Window);
        json["cutoff"] = Time(picture.CutoffMs);
        json["clock"] = picture.CutoffMs is null ? null : Clock(picture.Clock);
        json["oldest"] = Time(picture.OldestMs);
        json["newest"] = Time(picture.NewestMs);
        json["due_chunks"] = picture.DueChunks;
        json["rows_estimate"] = picture.Chunks.Sum(chunk => chunk.EstimatedRows);
        json["bytes"] = picture.Chunks.Sum(chunk => chunk.Bytes);
        json["next_run"] = Time(
            new DateTimeOffset(now.UtcTicks - (now.UtcTicks % BetweenRuns.Ticks) + BetweenRuns.Ticks, TimeSpan.Zero)
                .ToUnixTimeMilliseconds());
        json["last_run"] = last is null ? null : Run(last);
        json["disks"] = DiskJson.Of(disks);
        json["chunks"] = Chunks(picture.Chunks);
        return DocumentAnswers.Of(json);
    }

    public static IActionResult Of(TableRetentionResult result) => DocumentAnswers.Of(Run(result));

    private static JsonObject Run(TableRetentionResult result)
    {
        var json = new JsonObject
        {
            ["started"] = Time(result.StartedMs),
            ["took_ms"] = Math.Round(result.Took.TotalMilliseconds),
            ["dry_run"] = result.IsDry,
        };
        foreach (var (name, value) in Window(result.Window).ToArray())
        {
            json[name] = value?.DeepClone();
        }

        json["cutoff"] = Time(result.CutoffMs);
        json["clock"] = result.CutoffMs is null ? null : Clock(result.Clock);
        json["dropped"] = Chunks(result.Dropped);
        json["dropped_rows_estimate"] = result.Dropped.Sum(chunk => chunk.EstimatedRows);
        json["dropped_bytes"] = result.Dropped.Sum(chunk => chunk.Bytes);
        json["removed_gaps"] = result.RemovedGaps;
        json["blocked"] = result.Blocked is { } blocked ? new JsonObject { ["chunk"] = Chunk(blocked), ["by"] = result.BlockedBy } : null;
        json["oldest"] = Time(result.OldestMs);
        json["left_chunks"] = result.Left.Count;
        json["lost_chunks"] = result.Lost.Count;
        json["verified"] = result.IsDry ? null : result.Problem is null;
        json["problem"] = result.Problem;
        return json;
    }

    private static JsonObject Window(TimeSpan? window) => new()
    {
        ["retention_days"] = window?.TotalDays,
        ["window"] = window?.ToString("c", CultureInfo.InvariantCulture),
    };

    private static JsonArray Chunks(IEnumerable<Chunk> chunks) => [.. chunks.Select(Chunk)];

    private static JsonObject Chunk(Chunk chunk) => new()
    {
        ["name"] = chunk.Name,
        ["from"] = Time(chunk.FromMs),
        ["to"] = Time(chunk.ToMs),
        ["rows_estimate"] = chunk.EstimatedRows,
        ["bytes"] = chunk.Bytes,
        ["compressed"] = chunk.IsCompressed,
    };

    private static string Clock(CutoffClock clock) => JsonNamingPolicy.SnakeCaseLower.ConvertName(clock.ToString());

    private static string? Time(long? ms) => ms is { } time ? DocumentAnswers.Time(time) : null;
}
