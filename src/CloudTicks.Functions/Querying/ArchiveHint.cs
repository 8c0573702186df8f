using System.Globalization;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Querying;

/// <summary>A hint for a time range that begins before the table: the command that restores the older ticks from the archive.</summary>
internal sealed record ArchiveHint(Symbol Symbol, long FromMs, long ToMs, long TableFromMs)
{
    private const string CommandHeader = "CloudTicks-Replay";
    private const string BeginningHeader = "CloudTicks-Table-From";

    private static readonly long EarliestMs = DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds();
    private static readonly long LatestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private string Command =>
        $"cloudticks replay --symbols {Symbol.Name} --from {Iso(FromMs)} --to {Iso(Math.Min(ToMs, TableFromMs))} --to-table";

    /// <summary>Returns a hint when the range has a start before the table, or ends before the table; otherwise null.</summary>
    public static ArchiveHint? For(Symbol symbol, long? fromMs, long toMs, long tableFromMs) =>
        toMs <= tableFromMs || fromMs < tableFromMs ? new ArchiveHint(symbol, fromMs ?? EarliestMs, toMs, tableFromMs) : null;

    /// <summary>Whether the whole time range is older than the table.</summary>
    public bool IsWholeRangeOlder => ToMs <= TableFromMs;

    /// <summary>Adds the hint as headers to a response with ticks. The command is included only if it may restore some ticks.</summary>
    public void AddTo(IHeaderDictionary headers, bool isInArchive)
    {
        headers[BeginningHeader] = Iso(TableFromMs);
        if (isInArchive)
        {
            headers[CommandHeader] = Command;
        }
    }

    /// <summary>Returns the hint as a problem, for when there are no ticks to return.</summary>
    public JsonResponse Problem() => JsonResponse.Problem(new ProblemDetails
    {
        Title = "The table does not go back that far.",
        Status = StatusCodes.Status404NotFound,
        Detail = $"It begins at {Iso(TableFromMs)}; older ticks are in the archive. '{Command}' restores them to the table, "
            + "where they stay until the table's retention runs. With --to-nats or --to-topic, 'cloudticks replay' sends them to NATS or "
            + "to a topic instead.",
        Extensions = { ["table_from"] = Iso(TableFromMs), ["replay"] = Command },
    });

    private static string Iso(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, EarliestMs, LatestMs))
            .ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture);
}
