using System.Text.Json.Nodes;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Npgsql;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>Checks that ticks flow into <c>market_ticks</c>: the newest time of receipt in the table must advance.</summary>
internal sealed class TableCheck(OperatedSystem system, SelectedSymbols selection, Pace pace) : ICheck
{
    // Selects by tick time, because the table has an index for it, and because older, backfilled ticks do not prove that live ticks arrive.
    private const string SelectNewest =
        """
        SELECT max(received_ms), count(*), (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        FROM market_ticks WHERE timestamp_ms >= (extract(epoch FROM now()) * 1000)::bigint - 10000
        """;

    public string Name => "table";

    public string Title => "Ticks flow into market_ticks";

    public IReadOnlyList<string> Subjects => [Parts.Table];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var table = system.RequireTable();
        var first = await ReadAsync(table, cancellationToken);
        var last = first;
        var flows = await pace.UntilAsync(
            async () => (last = await ReadAsync(table, cancellationToken)) is { ReceivedMs: { } received }
                && received > (first.ReceivedMs ?? long.MinValue),
            cancellationToken);
        var facts = new JsonObject { ["rows_of_last_10_s"] = last.Rows, ["newest_received_ms"] = last.ReceivedMs };
        if (flows)
        {
            return Finding.Pass(
                Invariant($"The table has {last.Rows:N0} rows from the last 10 s; the newest row was ")
                    + $"received {Format.Seconds(last.NowMs - last.ReceivedMs!.Value)} ago.",
                facts);
        }

        var newest = last.ReceivedMs is { } ms
            ? $"the newest was received {Format.Seconds(last.NowMs - ms)} ago" : "the table has none from the last 10 s";
        return await selection.QuietReasonAsync(cancellationToken) is { } closed ? Finding.Pass(closed, facts) : Finding.Fail(
            Invariant($"No new row for {pace.MaxWait.TotalSeconds:0} s; {newest}."),
            "Look at /health of the functions (StoreTicks, database) and of the collector; the check archive shows whether ticks arrive "
                + "there.",
            facts);
    }

    private static async Task<(long? ReceivedMs, long Rows, long NowMs)> ReadAsync(
        NpgsqlDataSource table, CancellationToken cancellationToken)
    {
        await using var command = table.CreateCommand(SelectNewest);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetFieldValue<long?>(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
