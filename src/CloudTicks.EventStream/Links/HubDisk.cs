using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Links;

/// <summary>The state of the disk, as the CloudTicks event hub reports it.</summary>
/// <param name="FreeBytes">The free bytes.</param>
/// <param name="WriteProblem">The reason why the event hub rejects writes, in a few words; null while it accepts them.</param>
public sealed record HubDisk(long FreeBytes, long TotalBytes, string? WriteProblem)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Queries the state of the event hub's disk.</summary>
    /// <returns>
    /// The disk; null for other Kafka brokers and for Event Hubs, which do not report their disks, and when the login may not query it.
    /// </returns>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public static async Task<HubDisk?> ReadAsync(EventStreamConnection connection, CancellationToken cancellationToken)
    {
        if (connection.IsEventHubs)
        {
            return null;
        }

        // No log: the services that store and publish already report an unreachable event hub.
        using var adminConnection = connection.OpenAdmin(NullLogger.Instance);
        var admin = adminConnection.Client;
        return await ReadAsync(connection, admin, Timeout, cancellationToken);
    }

    /// <summary>Queries through a connected client why the event hub rejects writes.</summary>
    /// <returns>
    /// The reason; null when there is none, when the event hub does not respond or does not permit the query, and for other Kafka brokers
    /// and Event Hubs.
    /// </returns>
    public static async Task<string?> GetWriteProblemAsync(
        EventStreamConnection connection, IClient client, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (connection.IsEventHubs)
        {
            return null;
        }

        try
        {
            using var admin = new DependentAdminClientBuilder(client.Handle).Build();
            return (await ReadAsync(connection, admin, timeout, cancellationToken))?.WriteProblem;
        }
        catch (EventStreamException)
        {
            return null;
        }
    }

    private static async Task<HubDisk?> ReadAsync(
        EventStreamConnection connection, IAdminClient admin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            // GetMetadata blocks.
            var brokerId = (await Task.Run(() => admin.GetMetadata(timeout), cancellationToken)).OriginatingBrokerId;
            var name = brokerId.ToString(CultureInfo.InvariantCulture);
            var described = await admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Broker, Name = name }], new DescribeConfigsOptions { RequestTimeout = timeout })
                    .WaitAsync(cancellationToken);
            return Number(described[0], "cloudticks.disk.free.bytes") is { } free
                && Number(described[0], "cloudticks.disk.total.bytes") is { } total
                ? new HubDisk(free, total, Text(described[0], "cloudticks.write.problem")) : null;
        }
        catch (DescribeConfigsException refused) when (refused.Results[0].Error.Code == ErrorCode.ClusterAuthorizationFailed)
        {
            return null;
        }
        catch (DescribeConfigsException failed)
        {
            throw new EventStreamException($"{connection} does not report its disk", failed.Results[0].Error);
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} does not answer", failed.Error);
        }
    }

    private static string? Text(DescribeConfigsResult described, string name) =>
        described.Entries.TryGetValue(name, out var entry) && entry.Value is { Length: > 0 } text ? text : null;

    private static long? Number(DescribeConfigsResult described, string name) =>
        described.Entries.TryGetValue(name, out var entry)
            && long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
