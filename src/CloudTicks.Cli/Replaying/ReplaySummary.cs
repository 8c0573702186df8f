using System.Text;
using System.Text.Json;
using CloudTicks.Replay;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Replaying;

internal static class ReplaySummary
{
    public static string Text(IReplayTarget target, ReplayCounts counts, TimeSpan lasted)
    {
        var results = string.Join(", ", target.Results.Select(result => Invariant($"{result.Name.Replace('_', ' ')} {result.Number:N0}")));
        var text = new StringBuilder(
            Invariant($"{Counted.Of(counts.Emitted, "tick")} to {target.Name} in {lasted.TotalSeconds:N1} s: {results}."));
        if (counts.Repeated > 0)
        {
            text.Append($" Skipped: {Counted.Of(counts.Repeated, "tick")} that the archive repeats.");
        }

        if (counts.RefusedRecords + counts.RefusedTicks > 0)
        {
            text.Append(
                $" LEFT OUT: {Counted.Of(counts.RefusedRecords, "unreadable record")} and "
                    + $"{Counted.Of(counts.RefusedTicks, "tick")} that no feed can send.");
        }

        if (counts.RefusedFiles > 0)
        {
            text.Append(
                Invariant($" DAMAGED: {counts.RefusedFiles:N0} of {Counted.Of(counts.FilesRead, "file")}, read only up to the damage."));
        }

        return text.ToString();
    }

    public static string Json(
        string state, IReplayTarget target, TickSelection selection, ReplayCounts counts, TimeSpan lasted, string? problem)
    {
        using var bytes = new MemoryStream();
        using (var json =
            new Utf8JsonWriter(bytes, new JsonWriterOptions
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }))
        {
            json.WriteStartObject();
            json.WriteString("state"u8, state);
            json.WriteString("target"u8, target.Name);
            WriteTime(json, "from_ms", selection.FromMs, long.MinValue);
            WriteTime(json, "to_ms", selection.ToMs, long.MaxValue);
            if (counts.ReadsFiles)
            {
                json.WriteNumber("files"u8, counts.FilesRead);
                json.WriteNumber("refused_files"u8, counts.RefusedFiles);
            }

            json.WriteNumber("records_to_read"u8, counts.RecordsToRead);
            json.WriteNumber("records_read"u8, counts.RecordsRead);
            json.WriteNumber("gap_records"u8, counts.GapRecords);
            json.WriteNumber("ticks_found"u8, counts.Selected);
            json.WriteNumber("ticks"u8, counts.Emitted);
            json.WriteNumber("repeated"u8, counts.Repeated);
            json.WriteNumber("refused_records"u8, counts.RefusedRecords);
            json.WriteNumber("refused_ticks"u8, counts.RefusedTicks);
            foreach (var (name, number) in target.Results)
            {
                json.WriteNumber(name, number);
            }

            json.WriteNumber("seconds"u8, Math.Round(lasted.TotalSeconds, 3));
            if (problem is not null)
            {
                json.WriteString("problem"u8, problem);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long time, long none)
    {
        if (time != none)
        {
            json.WriteNumber(name, time);
        }
    }
}
