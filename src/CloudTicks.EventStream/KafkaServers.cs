using System.Globalization;

namespace CloudTicks.EventStream;

/// <summary>A list of Kafka brokers, <c>host:port[,host:port]</c>.</summary>
internal static class KafkaServers
{
    /// <exception cref="FormatException">The list is invalid; the message contains the invalid part.</exception>
    public static string Parse(string text)
    {
        var servers = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var server in servers)
        {
            var colon = server.LastIndexOf(':');
            if (colon <= 0 || server.Contains('/', StringComparison.Ordinal) || server.Contains(' ', StringComparison.Ordinal) ||
                !int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                    || port is < 1 or > 65535)
            {
                throw new FormatException(
                    $"The connection string of the event hub contains '{server}', which is not a Kafka broker: write host:port, "
                        + "for example localhost:9092.");
            }
        }

        return servers.Length > 0
            ? string.Join(',', servers)
            : throw new FormatException(
                "The connection string of the event hub contains no broker: write host:port, for example localhost:9092.");
    }
}
