using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>Forwards librdkafka's own log lines, for debugging only: important problems are also reported as errors.</summary>
public static class ClientLoggerExtensions
{
    /// <summary>Writes a line of the client: as an error when librdkafka marks it critical, else for debugging.</summary>
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
