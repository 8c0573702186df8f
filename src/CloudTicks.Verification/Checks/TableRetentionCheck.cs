using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>Checks that retention is on and works: no chunk of the table is overdue.</summary>
internal sealed class TableRetentionCheck(OperatedSystem system) : ICheck
{
    private const string Cure = "cloudticks retention run drops what is due now, and reports what blocks it.";

    private const string SelectOldestChunk =
        """
        SELECT min(range_end_integer) FROM timescaledb_information.chunks
        WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
        """;

    /// <summary>Retention runs every ten minutes, and leaves a locked chunk to the next run.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(25);

    public string Name => "retention";

    public string Title => "Retention is active and effective";

    public IReadOnlyList<string> Subjects => [Parts.Hub];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        if (await system.Hub.TryGetAsync<TableStatus>("api/v1/retention", cancellationToken) is not { } retention)
        {
            return Finding.Unknown(
                $"The functions at {system.Hub.Address.Authority} do not report their retention.",
                "Do they have the same version as this command?");
        }

        var facts =
            new JsonObject { ["retention_days"] = retention.RetentionDays, ["cutoff"] = retention.Cutoff, ["oldest"] = retention.Oldest };
        if (retention.RetentionDays is not { } days)
        {
            return Finding.Fail(
                "Retention is off: the table grows until the disk is full.",
                "Set Timescale__RetentionWindow of the functions, or retention_days: cloudticks config set tick-functions "
                    + "retention_days=3.", facts);
        }

        if (retention.LastRun is { Problem: { } problem })
        {
            return Finding.Fail(problem, Cure, facts);
        }

        if (retention.Cutoff is not { } cutoff)
        {
            return Finding.Pass(Invariant($"The window is {days:0.##} days; the table is empty."), facts);
        }

        // The table itself is authoritative, if it can be queried.
        var oldestMs = system.Table is { } table ? await OldestEndAsync(table, cancellationToken) : null;
        facts["oldest_chunk_ends_ms"] = oldestMs;
        var isLate = oldestMs is { } ms && cutoff.ToUnixTimeMilliseconds() - ms > MaxDelay.TotalMilliseconds;
        return isLate || (oldestMs is null && system.Table is null && retention.DueChunks > 0)
            ? Finding.Fail(
                Invariant($"{days:0.##} days are to be kept, but {Math.Max(1, retention.DueChunks)} chunks are older: ")
                    + (oldestMs is { } end
                        ? $"the oldest ends at {Format.Time(end)}."
                        : $"the oldest tick is from {retention.Oldest:yyyy-MM-ddTHH:mm:ssZ}."),
                Cure, facts)
            : Finding.Pass(
                Invariant($"The window is {days:0.##} days; the oldest tick is from {retention.Oldest:yyyy-MM-ddTHH:mm:ssZ}, ")
                    + Invariant($"and {retention.DueChunks} chunks are due at the next run."),
                facts);
    }

    private static async Task<long?> OldestEndAsync(Npgsql.NpgsqlDataSource table, CancellationToken cancellationToken)
    {
        await using var command = table.CreateCommand(SelectOldestChunk);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
