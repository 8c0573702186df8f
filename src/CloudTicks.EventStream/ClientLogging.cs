using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>
/// Lines that librdkafka writes of itself. What matters among them also comes as an error, so they are for debugging only.
/// </summary>
public static class ClientLogging
{
    /// <summary>Writes a line of the client: as an error when librdkafka calls it critical, else for debugging.</summary>
    public static void Forward(this ILogger logger, LogMessage line)
    {
        ArgumentNullException.ThrowIfNull(line);
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
