using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>librdkafka's own lines, for debugging only: what matters also comes as an error.</summary>
public static class ClientLogging
{
    /// <summary>Writes a line of the client: as an error when librdkafka calls it critical, else for debugging.</summary>
    public static void Forward(this ILogger logger, LogMessage line)
    {
        if (line.Level <= SyslogLevel.Critical)
        {
            logger.ClientAlarm(line.Name, line.Message);
        }
        else
        {
            logger.ClientLine(line.Name, line.Message);
        }
    }
}
