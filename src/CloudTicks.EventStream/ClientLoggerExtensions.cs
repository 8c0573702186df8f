using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>
/// Forwards librdkafka's own log lines, mostly at level Debug, because librdkafka also reports important problems as error events.
/// </summary>
public static class ClientLoggerExtensions
{
    /// <summary>Logs a line of the client: as an error when librdkafka marks it critical or worse, else at level Debug.</summary>
    public static void Forward(this ILogger logger, LogMessage line)
    {
        if (line.Level <= SyslogLevel.Critical)
        {
            logger.ClientError(line.Name, line.Message);
        }
        else
        {
            logger.ClientLine(line.Name, line.Message);
        }
    }
}
