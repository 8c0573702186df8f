using System.Text.Json;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Disks;
using CloudTicks.Ticks.Status;
using CloudTicks.Timescale.Retention;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Retaining;

internal static class TableRetentionJson
{
    /// <summary>The timer interval of <see cref="EnforceRetention"/>.</summary>
    private static readonly TimeSpan RunInterval = TimeSpan.FromMinutes(10);

    public static IActionResult Of(
        TableRetentionStatus status, TableRetentionResult? last, IEnumerable<DiskState> disks, DateTimeOffset now) =>
        DocumentResponses.OfStatus(new TableStatus(
            status.Window?.TotalDays, Time(status.CutoffMs), Time(status.OldestMs), status.DueChunks, last is null ? null : Run(last))
        {
            Window = status.Window,
            Clock = Clock(status.CutoffMs, status.Clock),
            Newest = Time(status.NewestMs),
            RowsEstimate = status.Chunks.Sum(chunk => chunk.EstimatedRows),
            Bytes = status.Chunks.Sum(chunk => chunk.Bytes),
            NextRun = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % RunInterval.Ticks) + RunInterval.Ticks, TimeSpan.Zero),
            Disks = [.. disks.Select(disk => disk.ToStatus())],
            Chunks = Chunks(status.Chunks),
        });

    public static IActionResult Of(TableRetentionResult result) => DocumentResponses.OfStatus(Run(result));

    private static TableRetentionRun Run(TableRetentionResult result) =>
        new(Time(result.StartedMs), result.IsDry ? null : result.Problem is null, result.Problem)
        {
            TookMs = Math.Round(result.Duration.TotalMilliseconds),
            DryRun = result.IsDry,
            RetentionDays = result.Window?.TotalDays,
            Window = result.Window,
            Cutoff = Time(result.CutoffMs),
            Clock = Clock(result.CutoffMs, result.Clock),
            Dropped = Chunks(result.Dropped),
            DroppedRowsEstimate = result.Dropped.Sum(chunk => chunk.EstimatedRows),
            DroppedBytes = result.Dropped.Sum(chunk => chunk.Bytes),
            RemovedGaps = result.RemovedGaps,
            Blocked = result.Blocked is { } blocked ? new BlockedChunk(Chunk(blocked), result.BlockedBy) : null,
            Oldest = Time(result.OldestMs),
            LeftChunks = result.Remaining.Count,
            LostChunks = result.Lost.Count,
        };

    private static ChunkStatus[] Chunks(IEnumerable<Chunk> chunks) => [.. chunks.Select(Chunk)];

    private static ChunkStatus Chunk(Chunk chunk) => new(
        chunk.Name, DateTimeOffset.FromUnixTimeMilliseconds(chunk.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(chunk.ToMs),
        chunk.EstimatedRows, chunk.Bytes, chunk.IsCompressed);

    private static string? Clock(long? cutoffMs, CutoffClock clock) =>
        cutoffMs is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(clock.ToString());

    private static DateTimeOffset? Time(long? ms) => ms is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
