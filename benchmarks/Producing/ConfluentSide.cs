using System.Diagnostics;
using System.Runtime.InteropServices;
using CloudTicks.Benchmarks.Comparing.Rounds;
using Confluent.Kafka;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>
/// Calls Confluent.Kafka's Produce for prepared records of one tick each, without delivery reports, and then flushes once.
/// </summary>
internal sealed class ConfluentSide : IDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMinutes(1);

    private readonly IProducer<Null, byte[]> _producer;
    private readonly List<Message<Null, byte[]>[]> _messages;
    private readonly int _repeats;

    public ConfluentSide(string hub, SingleTicks ticks, int repeats)
    {
        _producer = new ProducerBuilder<Null, byte[]>(LibrdkafkaSide.Settings.Append(("bootstrap.servers", hub))
            .Append(("dotnet.producer.enable.delivery.reports", "false"))
            .ToDictionary(setting => setting.Item1, setting => setting.Item2)).Build();
        _messages = [.. ticks.Partitions.Select(places => places.Select(MessageOf).ToArray())];
        _repeats = repeats;
    }

    public Task<TimeSpan> RunAsync(string topic, CancellationToken cancellationToken)
    {
        var partitions = Enumerable.Range(0, _messages.Count).Select(partition => new TopicPartition(topic, partition)).ToArray();
        var longest = _messages.Max(messages => messages.Length);
        var started = Stopwatch.GetTimestamp();
        for (var repeat = 0; repeat < _repeats; repeat++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var index = 0; index < longest; index++)
            {
                for (var partition = 0; partition < partitions.Length; partition++)
                {
                    if (index < _messages[partition].Length)
                    {
                        _producer.Produce(partitions[partition], _messages[partition][index]);
                    }
                }
            }
        }

        var unacknowledged = _producer.Flush(FlushTimeout);
        return unacknowledged == 0
            ? Task.FromResult(Stopwatch.GetElapsedTime(started))
            : throw new BenchmarkException($"{unacknowledged} records were not acknowledged in {FlushTimeout.TotalSeconds:0} s.");
    }

    public void Dispose() => _producer.Dispose();

    private static Message<Null, byte[]> MessageOf((nint Address, int Length) place)
    {
        var value = new byte[place.Length];
        Marshal.Copy(place.Address, value, 0, value.Length);
        return new Message<Null, byte[]> { Value = value };
    }
}
