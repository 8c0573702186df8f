using System.Text.Json;

namespace CloudTicks.EventStream.Links;

/// <summary>Finds in librdkafka's statistics how often brokers held it up: the only place where it says so.</summary>
internal static class KafkaThrottling
{
    /// <summary>Since the statistics before: answers that asked to wait, and for how long in sum.</summary>
    public static (long Answers, TimeSpan Time) Read(string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        var (answers, milliseconds) = (0L, 0L);
        if (document.RootElement.TryGetProperty("brokers", out var brokers))
        {
            foreach (var broker in brokers.EnumerateObject())
            {
                if (broker.Value.TryGetProperty("throttle", out var throttle))
                {
                    answers += throttle.GetProperty("cnt").GetInt64();
                    milliseconds += throttle.GetProperty("sum").GetInt64();
                }
            }
        }

        return (answers, TimeSpan.FromMilliseconds(milliseconds));
    }
}
