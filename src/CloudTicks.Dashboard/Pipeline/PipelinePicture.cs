using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CloudTicks.Dashboard.Board;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Draws what was read: a sentence on top, then parts, figures and lists.</summary>
internal static class PipelinePicture
{
    private const double LeastRate = 0.5;

    private static readonly (string Name, string Unit, string[] Value, string[] Of)[] Queues =
    [
        ("frames to be decoded", "bytes", ["queued_bytes"], ["queued_bytes_limit"]),
        ("records for the event hub", "records", ["in_flight"], []),
        ("spool", "bytes", ["spool", "bytes"], ["spool", "limit_bytes"]),
        ("records in the spool", "records", ["spool", "records"], []),
    ];

    private static readonly (string Hop, string Field)[] Hops =
        [("exchange to receive", "exchange_to_receive"), ("receive to archive", "receive_to_archive"), ("receive to row", "receive_to_row")];

    /// <summary>Writes the picture.</summary>
    public static byte[] Draw(PipelineReading reading, BoardMetrics board)
    {
        var troubles = CollectorTroubles.Of(reading).Concat(ConsumerTroubles.Of(reading)).ToList();
        var (state, sentence, cure) = Top(reading, troubles);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("now_ms", reading.NowMs);
            json.WriteString("state", state);
            json.WriteString("sentence", sentence);
            json.WriteString("cure", cure);
            List(json, "troubles", troubles, trouble => Texts(json, ("part", trouble.Part), ("sentence", trouble.Sentence), ("cure", trouble.Cure)));
            List(json, "parts", PipelineParts.Of(reading), part => Texts(json, ("name", part.Name), ("state", part.State), ("detail", part.Detail)));
            Rates(json, reading.Rates);
            List(json, "queues", Queues, queue => Queue(json, reading, queue));
            List(json, "lag", PipelineLag.Groups, group =>
            {
                json.WriteString("group", group.Group);
                Number(json, "records", reading.FunctionsStatus.Good.Number(group.Field));
            });
            Latency(json, reading, board);
            List(json, "rejected", Rejected(reading, board), rejected =>
            {
                json.WriteString("reason", rejected.Reason);
                json.WriteNumber("count", rejected.Count);
            });
            Copy(json, "gaps", reading.Gaps.Good is { ValueKind: JsonValueKind.Array } gaps ? gaps : JsonElement.Parse("[]"));
            Copy(json, "retention", reading.TableRetention.Good);
            List(json, "services", PipelineServices.Of(reading), service => service(json));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static (string State, string Sentence, string? Cure) Top(PipelineReading reading, List<Trouble> troubles)
    {
        if (troubles.Count > 0)
        {
            var others = troubles.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({troubles.Count - 1} more below)") : "";
            return ("trouble", troubles[0].Sentence + others, troubles[0].Cure);
        }

        return reading.Rates.Received switch
        {
            null => ("unknown", "The page is looking at the services.", null),
            < LeastRate => ("unknown", "Everything runs, and no tick comes: the market may be closed.", null),
            { } rate => ("well", string.Create(CultureInfo.InvariantCulture, $"All is well: {rate:N0} ticks a second are archived, stored and published."), null),
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

    private static void Queue(Utf8JsonWriter json, PipelineReading reading, (string Name, string Unit, string[] Value, string[] Of) queue)
    {
        json.WriteString("name", queue.Name);
        Number(json, "value", reading.Sum(status => At(status, queue.Value)));
        Number(json, "of", queue.Of.Length == 0 ? null : reading.Sum(status => At(status, queue.Of)));
        json.WriteString("unit", queue.Unit);
    }

    /// <summary>The worst of the collectors; from receiving to NATS as this process sees it, by its own clock.</summary>
    private static void Latency(Utf8JsonWriter json, PipelineReading reading, BoardMetrics board)
    {
        var tellers = reading.CollectorStatuses.Append(reading.FunctionsStatus.Good).Select(status => status.Field("latency")).ToList();
        json.WriteStartArray("latency");
        foreach (var (hop, field) in Hops)
        {
            Hop(json, hop, tellers.Max(latency => latency.Field(field).Number("p50_ms")), tellers.Max(latency => latency.Field(field).Number("p99_ms")));
        }

        Hop(json, "receive to nats", board.Latency.Percentile(0.5, reading.NowMs), board.Latency.Percentile(0.99, reading.NowMs));
        json.WriteEndArray();
    }

    private static void Hop(Utf8JsonWriter json, string name, double? middle, double? high)
    {
        json.WriteStartObject();
        json.WriteString("hop", name);
        Number(json, "p50_ms", middle);
        Number(json, "p99_ms", high);
        json.WriteEndObject();
    }

    private static IEnumerable<(string Reason, double Count)> Rejected(PipelineReading reading, BoardMetrics board) => reading.CollectorStatuses
        .SelectMany(status => status.Fields("rejected").Select(rejected => (rejected.Name, status.Field("rejected").Number(rejected.Name) ?? 0))
            .Append(("spool full", status.Field("spool").Number("refused_ticks") ?? 0)).Append(("conflated in the spool", status.Field("spool").Number("conflated_ticks") ?? 0)))
        .Append(("no tick, on NATS", board.NoTicks))
        .GroupBy(rejected => rejected.Item1, rejected => rejected.Item2).Select(group => (group.Key, group.Sum())).Where(rejected => rejected.Item2 > 0);

    private static double? At(JsonElement? json, string[] path) => path.Length == 1 ? json.Number(path[0]) : At(json.Field(path[0]), path[1..]);

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

    private static void Texts(Utf8JsonWriter json, params (string Name, string Value)[] texts)
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

    private static void Copy(Utf8JsonWriter json, string name, JsonElement? value)
    {
        json.WritePropertyName(name);
        if (value is { } given)
        {
            given.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
