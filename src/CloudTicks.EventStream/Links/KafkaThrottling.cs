using System.Text.Json;

namespace CloudTicks.EventStream.Links;

/// <summary>Reads from librdkafka's statistics how often brokers throttled the client: no other API reports this.</summary>
internal static class KafkaThrottling
{
    /// <summary>Returns the number of throttled responses since the previous statistics, and their total delay.</summary>
    public static (long Responses, TimeSpan Time) Read(string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        var (responses, milliseconds) = (0L, 0L);
        if (document.RootElement.TryGetProperty("brokers", out var brokers))
        {
            foreach (var broker in brokers.EnumerateObject())
            {
                if (broker.Value.TryGetProperty("throttle", out var throttle))
                {
                    responses += throttle.GetProperty("cnt").GetInt64();
                    milliseconds += throttle.GetProperty("sum").GetInt64();
                }
            }
        }

        return (responses, TimeSpan.FromMilliseconds(milliseconds));
    }
}
