using System.Text.Json;

namespace CloudTicks.Dashboard.Pipeline;

internal static class PipelineServices
{
    /// <summary>
    /// Returns a function for each process. The function writes <c>service</c>, <c>newest_version</c>, and what the process
    /// reported.
    /// </summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Of(PipelineReading reading) =>
        from follower in reading.Followers
        select (Action<Utf8JsonWriter>)(json =>
        {
            json.WriteString("service", follower.Service.Service);
            json.WriteNumber("newest_version", follower.Service.Version);
            json.WriteString("instance", follower.Instance.Instance);
            json.WriteNumber("version", follower.Instance.Version);
            json.WriteString("state", follower.Instance.State);
            json.WriteString("problem", follower.Instance.Problem);
            json.WriteNumber("reported_ms", follower.Instance.ReportedMs);
        });
}
