using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>Reads how far consumer groups are behind a topic's end, on kept connections, without joining. One call at a time.</summary>
public sealed class GroupLag(
    EventStreamConnection connection, string topic, IReadOnlyList<string> groups, TimeProvider time, ILogger<GroupLag> logger) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly List<(string Group, IConsumer<byte[], byte[]> Consumer)> _consumers = [];
    private IReadOnlyList<TopicPartition> _partitions = [];

    /// <summary>The records that each group has not committed: the ends of the partitions, less its offsets.</summary>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not answer within 2 s.</exception>
    public Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Read(cancellationToken), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _consumers.ForEach(entry => entry.Consumer.Dispose());

    /// <summary>The client's calls block, so they run apart.</summary>
    private async Task<IReadOnlyDictionary<string, long>> Read(CancellationToken cancellationToken)
    {
        try
        {
            Connect();
            if (connection.Login is { } login)
            {
                // Nobody consumes here, so the clients never ask for a younger token.
                _consumers.ForEach(entry => login.Give(entry.Consumer));
            }

            if (_partitions.Count == 0)
            {
                using var admin = new DependentAdminClientBuilder(_consumers[0].Consumer.Handle).Build();
                var count =
                    await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(topic, null, Timeout, cancellationToken);
                _partitions = [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))];
            }

            // Offsets first: what a group commits meanwhile makes its lag smaller, never negative.
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
            throw new EventStreamException($"{connection} does not tell the offsets of topic '{topic}'", failed.Error);
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
