using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CloudTicks.Dashboard.Board;
using CloudTicks.Ticks.Measures;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Writes a reading as JSON: the headline first, then parts, figures and lists.</summary>
internal static class PipelineSnapshot
{
    private const double MinRate = 0.5;

    private static readonly PipelineQueue[] Queues =
    [
        new("frames to decode", "bytes", status => status.QueuedBytes, status => status.QueuedBytesLimit),
        new("records for the event hub", "records", status => status.InFlight, _ => null),
        new("spool", "bytes", status => status.Spool?.Bytes, status => status.Spool?.LimitBytes),
        new("records in the spool", "records", status => status.Spool?.Records, _ => null),
    ];

    public static byte[] Write(PipelineReading reading, BoardMetrics board, long? maxDiskBytes)
    {
        var troubles = CollectorProblems.Of(reading).Concat(ConsumerProblems.Of(reading)).ToList();
        var (state, sentence, cure) = Headline(reading, troubles);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("now_ms", reading.NowMs);
            json.WriteString("state", state);
            json.WriteString("sentence", sentence);
            json.WriteString("cure", cure);
            List(json, "troubles", troubles,
                trouble => WriteTexts(json, ("part", trouble.Part), ("sentence", trouble.Sentence), ("cure", trouble.Cure)));
            List(json, "parts", PipelineParts.Of(reading),
                part => WriteTexts(json, ("name", part.Name), ("state", part.State), ("detail", part.Detail)));
            Rates(json, reading.Rates);
            List(json, "queues", Queues, queue => WriteQueue(json, reading, queue));
            List(json, "lag", PipelineLag.Groups, group =>
            {
                json.WriteString("group", group.Group);
                Number(json, "records", group.Records(reading.FunctionsStatus.Value));
            });
            Latency(json, reading, board);
            List(json, "rejected", Rejected(reading, board), rejected =>
            {
                json.WriteString("reason", rejected.Reason);
                json.WriteNumber("count", rejected.Count);
            });
            WriteElement(json, "gaps", reading.Gaps.Value is { ValueKind: JsonValueKind.Array } gaps ? gaps : JsonElement.Parse("[]"));
            WriteElement(json, "retention", reading.TableRetention.Value);
            Number(json, "max_disk_bytes", maxDiskBytes);
            Lake(json, reading.FunctionsStatus.Value?.Lake);
            WriteElement(json, "relay_clients", reading.Relay?.Clients);
            List(json, "services", PipelineServices.Of(reading), service => service(json));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static (string State, string Sentence, string? Cure) Headline(PipelineReading reading, List<Trouble> troubles)
    {
        if (troubles.Count > 0)
        {
            var others = troubles.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({troubles.Count - 1} more below)") : "";
            return ("trouble", troubles[0].Sentence + others, troubles[0].Cure);
        }

        return reading.Rates.Received switch
        {
            null => ("unknown", "The dashboard is querying the services.", null),
            < MinRate => ("unknown", "Everything is running, but no ticks are arriving: the market may be closed.", null),
            { } rate =>
                ("well", string.Create(
                    CultureInfo.InvariantCulture, $"All is well: {rate:N0} ticks a second are archived, stored and published."), null),
        };
    }

    private static void Rates(Utf8JsonWriter json, PipelineRates rates)
    {
        json.WriteStartObject("rates");
        Number(json, "received", rates.Received);
        Number(json, "archived", rates.Archived);
        Number(json, "stored", rates.Stored);
        Number(json, "published", rates.Published);
        json.WriteEndObject();
    }

    private static void Lake(Utf8JsonWriter json, LakeStatus? lake)
    {
        if (lake is null)
        {
            json.WriteNull("lake");
            return;
        }

        json.WriteStartObject("lake");
        WriteTexts(json, ("location", lake.Location));
        Number(json, "rows", lake.Rows);
        Number(json, "bytes", lake.Bytes);
        Number(json, "files", lake.Files);
        Number(json, "newest_ms", lake.Newest?.ToUnixTimeMilliseconds());
        Number(json, "retention_days", lake.RetentionDays);
        Number(json, "lag_records", lake.LagRecords);
        Number(json, "bytes_per_tick", lake.BytesPerTick);
        Number(json, "compression", lake.Compression);
        json.WriteBoolean("writes", lake.Writes);
        json.WriteEndObject();
    }

    private static void WriteQueue(Utf8JsonWriter json, PipelineReading reading, PipelineQueue queue)
    {
        json.WriteString("name", queue.Name);
        Number(json, "value", reading.Sum(queue.Length));
        Number(json, "of", reading.Sum(queue.Limit));
        json.WriteString("unit", queue.Unit);
    }

    /// <summary>
    /// Writes the worst latency of the collectors, that of the functions, and that from receipt to NATS as measured by this process.
    /// </summary>
    private static void Latency(Utf8JsonWriter json, PipelineReading reading, BoardMetrics board)
    {
        var collectors = reading.CollectorStatuses.Select(status => status.Latency).ToList();
        json.WriteStartArray("latency");
        WriteHop(json, "exchange to receive", [.. collectors.Select(latency => latency?.ExchangeToReceive)]);
        WriteHop(json, "receive to archive", [.. collectors.Select(latency => latency?.ReceiveToArchive)]);
        WriteHop(json, "receive to row", [reading.FunctionsStatus.Value?.Latency?.ReceiveToRow]);
        WriteHop(json, "receive to nats", board.Latency.Percentile(0.5, reading.NowMs), board.Latency.Percentile(0.99, reading.NowMs));
        json.WriteEndArray();
    }

    private static void WriteHop(Utf8JsonWriter json, string name, List<HopLatency?> latencies) =>
        WriteHop(json, name, latencies.Max(latency => latency?.P50Ms), latencies.Max(latency => latency?.P99Ms));

    private static void WriteHop(Utf8JsonWriter json, string name, double? median, double? p99)
    {
        json.WriteStartObject();
        json.WriteString("hop", name);
        Number(json, "p50_ms", median);
        Number(json, "p99_ms", p99);
        json.WriteEndObject();
    }

    private static IEnumerable<(string Reason, long Count)> Rejected(PipelineReading reading, BoardMetrics board) =>
        reading.CollectorStatuses
        .SelectMany(status => status.Rejected.Select(rejected => (rejected.Key, rejected.Value))
            .Append(("spool full", status.Spool?.RefusedTicks ?? 0))
            .Append(("conflated in the spool", status.Spool?.ConflatedTicks ?? 0)))
        .Append(("invalid message on NATS", board.InvalidMessages))
        .GroupBy(rejected => rejected.Item1, rejected => rejected.Item2)
        .Select(group => (group.Key, group.Sum()))
        .Where(rejected => rejected.Item2 > 0);

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, params (string Name, string Value)[] texts)
    {
        foreach (var (name, value) in texts)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteElement(Utf8JsonWriter json, string name, JsonElement? value)
    {
        json.WritePropertyName(name);
        if (value is { } element)
        {
            element.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
