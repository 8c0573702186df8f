using System.Globalization;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Querying;

/// <summary>Says what brings back a time that is older than the table: the archive has it for ever.</summary>
internal sealed record ArchiveHint(Symbol Symbol, long FromMs, long ToMs, long TableFromMs)
{
    private const string CommandHeader = "CloudTicks-Replay";
    private const string BeginningHeader = "CloudTicks-Table-From";

    private static readonly long EarliestMs = DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds();
    private static readonly long LatestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private string Command =>
        $"cloudticks replay --symbols {Symbol.Name} --from {Iso(FromMs)} --to {Iso(Math.Min(ToMs, TableFromMs))} --to-table";

    /// <summary>A hint when part of a time is older than the table.</summary>
    public static ArchiveHint? For(Symbol symbol, long? fromMs, long toMs, long tableFromMs) =>
        toMs <= tableFromMs || fromMs < tableFromMs ? new ArchiveHint(symbol, fromMs ?? EarliestMs, toMs, tableFromMs) : null;

    /// <summary>Whether all of the time is older.</summary>
    public bool IsAll => ToMs <= TableFromMs;

    /// <summary>Tells in headers, beside the ticks that are there; the command only where it may bring something back.</summary>
    public void AddTo(IHeaderDictionary headers, bool isInArchive)
    {
        headers[BeginningHeader] = Iso(TableFromMs);
        if (isInArchive)
        {
            headers[CommandHeader] = Command;
        }
    }

    /// <summary>Tells instead of an answer.</summary>
    public JsonAnswer Problem() => JsonAnswer.Problem(new ProblemDetails
    {
        Title = "The table does not go back so far.",
        Status = StatusCodes.Status404NotFound,
        Detail = $"It begins at {Iso(TableFromMs)}; older ticks are in the archive only. '{Command}' puts them into the table again, "
            + $"until its retention runs; "
            + "with --to-nats or --to-topic, 'cloudticks replay' sends them there instead.",
        Extensions = { ["table_from"] = Iso(TableFromMs), ["replay"] = Command },
    });

    private static string Iso(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, EarliestMs, LatestMs))
            .ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture);
}
