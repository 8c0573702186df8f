using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>Reads the lag of consumer groups over cached connections, without joining the groups. One call at a time.</summary>
public sealed class GroupLag(
    EventStreamConnection connection, string topic, IReadOnlyList<string> groups, TimeProvider time, ILogger<GroupLag> logger) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly List<(string Group, IConsumer<byte[], byte[]> Consumer)> _consumers = [];
    private IReadOnlyList<TopicPartition> _partitions = [];

    /// <summary>Reads the number of records that each group has not committed.</summary>
    /// <exception cref="EventStreamException">
    /// The topic does not exist, the client cannot log in, or the broker does not answer a query within 2 s.
    /// </exception>
    public Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Read(cancellationToken), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _consumers.ForEach(entry => entry.Consumer.Dispose());

    /// <summary>Runs the client's blocking calls.</summary>
    private async Task<IReadOnlyDictionary<string, long>> Read(CancellationToken cancellationToken)
    {
        try
        {
            Connect();
            if (connection.Login is { } login)
            {
                // These clients never consume, so they never request a new token.
                _consumers.ForEach(entry => login.SetToken(entry.Consumer));
            }

            if (_partitions.Count == 0)
            {
                using var admin = new DependentAdminClientBuilder(_consumers[0].Consumer.Handle).Build();
                var count =
                    await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(topic, null, Timeout, cancellationToken);
                _partitions = [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))];
            }

            // Read commits before watermarks: otherwise a commit between the two queries could make the lag negative.
            var committed = _consumers.ConvertAll(entry => entry.Consumer.Committed(_partitions, Timeout));
            var lag = groups.ToDictionary(group => group, _ => 0L);
            for (var partition = 0; partition < _partitions.Count; partition++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var watermarks = _consumers[0].Consumer.QueryWatermarkOffsets(_partitions[partition], Timeout);
                foreach (var (entry, offsets) in _consumers.Zip(committed))
                {
                    lag[entry.Group] += watermarks.High - Math.Max(watermarks.Low, offsets[partition].Offset.Value);
                }
            }

            return lag;
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} does not report the offsets of topic '{topic}'", failed.Error);
        }
    }

    private void Connect()
    {
        foreach (var group in groups.Skip(_consumers.Count))
        {
            _consumers.Add((group, new ConsumerBuilder<byte[], byte[]>(connection.ConsumerConfig(group))
                .SetLogHandler((_, line) => logger.Forward(line))
                .SetErrorHandler((_, _) => { }) // each call reports its own error
                .BuildFor(connection)));
        }
    }
}
