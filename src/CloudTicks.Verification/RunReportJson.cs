using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CloudTicks.Verification;

/// <summary>The report as one line of JSON, for scripts: the keys and their order are a contract.</summary>
public static class RunReportJson
{
    /// <summary>Formats the report as a line, without a line break.</summary>
    /// <returns>One JSON object; <c>notes</c> and <c>problems</c> are included only when there are any.</returns>
    public static string Format(RunReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", report.Ok);
            json.WriteNumber("seconds", Math.Round(report.Seconds, 3));
            json.WriteNumber("feed_sent", report.FeedSent);
            json.WriteNumber("received", report.Received);
            json.WriteStartObject("rejected");
            foreach (var (reason, count) in report.Rejected.Where(rejected => rejected.Value > 0))
            {
                json.WriteNumber(reason, count);
            }

            json.WriteEndObject();
            json.WriteNumber("archived", report.Archived);
            json.WriteNumber("stored", report.Stored);
            json.WriteNumber("published", report.Published);
            json.WriteNumber("duplicates", report.Duplicates);
            json.WriteNumber("lost", report.Lost);
            json.WriteStartObject("latency_ms");
            WriteLatency(json, "row", report.RowLatency);
            WriteLatency(json, "nats", report.NatsLatency);
            json.WriteEndObject();
            WriteSymbols(json, report.Symbols);
            json.WriteNumber("made", report.Made);
            json.WriteNumber("recovered", report.Recovered);
            json.WriteNumber("missed_by_subscriber", report.MissedBySubscriber);
            WriteRestarts(json, report.Circumstances.Restarts);
            WriteGaps(json, report.Circumstances.Gaps);
            WriteSentences(json, "notes", report.Notes);
            WriteSentences(json, "problems", report.Problems);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteLatency(Utf8JsonWriter json, string name, LatencySummary latency)
    {
        json.WriteStartObject(name);
        WriteNumberOrNull(json, "p50", latency.P50);
        WriteNumberOrNull(json, "p99", latency.P99);
        json.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteSymbols(Utf8JsonWriter json, IReadOnlyDictionary<string, SymbolReport> symbols)
    {
        json.WriteStartObject("symbols");
        foreach (var (symbol, counts) in symbols)
        {
            json.WriteStartObject(symbol);
            json.WriteNumber("feed_sent", counts.FeedSent);
            json.WriteNumber("stored", counts.Stored);
            json.WriteNumber("published", counts.Published);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRestarts(Utf8JsonWriter json, IReadOnlyDictionary<string, int> restarts)
    {
        json.WriteStartObject("restarts");
        foreach (var (part, count) in restarts)
        {
            json.WriteNumber(part, count);
        }

        json.WriteEndObject();
    }

    private static void WriteGaps(Utf8JsonWriter json, IReadOnlyList<RunGap> gaps)
    {
        json.WriteStartObject("gaps");
        json.WriteNumber("filled", gaps.Count(gap => gap.IsFilled));
        json.WriteNumber("open", gaps.Count(gap => gap.IsPending));
        json.WriteNumber("unfillable", gaps.Count(gap => !gap.IsFilled && !gap.IsPending));
        json.WriteStartArray("not_filled");
        foreach (var gap in gaps.Where(gap => !gap.IsFilled))
        {
            json.WriteStartObject();
            json.WriteString("symbol", gap.Symbol);
            json.WriteString("kind", gap.Kind);
            json.WriteNumber("from_ms", gap.FromMs);
            WriteNumberOrNull(json, "to_ms", gap.ToMs);
            json.WriteString("cause", gap.Cause);
            json.WriteString("state", gap.State);
            json.WriteNumber("recovered", gap.Recovered);
            json.WriteString("detail", gap.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSentences(Utf8JsonWriter json, string name, IReadOnlyList<string> sentences)
    {
        if (sentences.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var sentence in sentences)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
    }
}
