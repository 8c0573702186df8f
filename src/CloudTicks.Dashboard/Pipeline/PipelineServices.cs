using System.Text.Json;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>The processes that follow the documents of the hub.</summary>
internal static class PipelineServices
{
    private static readonly string[] Fields = ["instance", "version", "state", "problem", "reported_ms"];

    /// <summary>Writers of one object each: <c>service</c>, <c>newest_version</c>, and what the process said of itself.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Of(PipelineReading reading) =>
        from service in reading.Config.Good.Items("services")
        from instance in service.Items("instances")
        select (Action<Utf8JsonWriter>)(json =>
        {
            json.WriteString("service", service.Text("service"));
            json.WriteNumber("newest_version", service.Number("version") ?? 0);
            foreach (var field in Fields)
            {
                json.WritePropertyName(field);
                if (instance.Field(field) is { } value)
                {
                    value.WriteTo(json);
                }
                else
                {
                    json.WriteNullValue();
                }
            }
        });
}
