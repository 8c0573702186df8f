using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>
/// Calls rd_kafka_produce_batch for prepared records of one tick each, in groups for each partition in turn, without copies, keys, headers
/// or delivery reports, and then flushes once.
/// </summary>
internal sealed unsafe class LibrdkafkaSide : IDisposable
{
    private const int ProducerKind = 0;
    private const int ErrorBytes = 512;
    private const int FlushTimeoutMs = 60_000;

    /// <summary>The number of ticks per call, all of one partition.</summary>
    private const int ChunkSize = 1_000;

    /// <summary>The fastest of the tried settings; with its defaults librdkafka is several times slower.</summary>
    internal static readonly (string Name, string Value)[] Settings =
    [
        ("acks", "all"), ("enable.idempotence", "true"), ("linger.ms", "20"), ("batch.size", "1000000"), ("batch.num.messages", "1000000"),
        ("queue.buffering.max.messages", "0"), ("queue.buffering.max.kbytes", "2097151"), ("compression.type", "none"),
        ("message.timeout.ms", "0"),
    ];

    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint, nint> _newTopic;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, Message*, int, int> _produce;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> _flush;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroyTopic;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;
    private readonly nint _producer;
    private readonly SingleTicks _ticks;
    private readonly int _repeats;

    public LibrdkafkaSide(string library, string hub, SingleTicks ticks, int repeats)
    {
        var handle = NativeLibrary.Load(library);
        _newTopic = (delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)NativeLibrary.GetExport(handle, "rd_kafka_topic_new");
        _produce = (delegate* unmanaged[Cdecl]<nint, int, int, Message*, int, int>)NativeLibrary.GetExport(
            handle, "rd_kafka_produce_batch");
        _flush = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(handle, "rd_kafka_flush");
        _destroyTopic = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(handle, "rd_kafka_topic_destroy");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(handle, "rd_kafka_destroy");
        _producer = MakeProducer(handle, hub);
        (_ticks, _repeats) = (ticks, repeats);
    }

    public Task<TimeSpan> RunAsync(string topic, CancellationToken cancellationToken)
    {
        var name = Marshal.StringToCoTaskMemUTF8(topic);
        var handle = _newTopic(_producer, name, 0);
        try
        {
            var started = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < _repeats; repeat++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Produce(handle);
            }

            var error = _flush(_producer, FlushTimeoutMs);
            return error == 0
                ? Task.FromResult(Stopwatch.GetElapsedTime(started))
                : throw new BenchmarkException($"librdkafka returned error {error} when it was flushed.");
        }
        finally
        {
            _destroyTopic(handle);
            Marshal.FreeCoTaskMem(name);
        }
    }

    public void Dispose() => _destroy(_producer);

    private void Produce(nint topic)
    {
        var messages = stackalloc Message[ChunkSize];
        var hasRemaining = true;
        for (var from = 0; hasRemaining; from += ChunkSize)
        {
            hasRemaining = false;
            for (var partition = 0; partition < _ticks.Partitions.Count; partition++)
            {
                var ticks = _ticks.Partitions[partition];
                var count = Math.Min(ChunkSize, ticks.Length - from);
                for (var index = 0; index < count; index++)
                {
                    var (address, length) = ticks[from + index];
                    messages[index] = new Message { Payload = address, Length = (nuint)length };
                }

                if (count > 0 && _produce(topic, partition, 0, messages, count) != count)
                {
                    throw new BenchmarkException($"librdkafka rejected a record: error {messages[0].Error}.");
                }

                hasRemaining |= count == ChunkSize;
            }
        }
    }

    private static nint MakeProducer(nint library, string hub)
    {
        var newSettings = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "rd_kafka_conf_new");
        var set = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nuint, int>)NativeLibrary.GetExport(library, "rd_kafka_conf_set");
        var make = (delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint>)NativeLibrary.GetExport(library, "rd_kafka_new");
        var settings = newSettings();
        var error = stackalloc byte[ErrorBytes];
        foreach (var (name, value) in Settings.Append(("bootstrap.servers", hub)))
        {
            fixed (byte* nameBytes = Encoding.UTF8.GetBytes(name + '\0'), valueBytes = Encoding.UTF8.GetBytes(value + '\0'))
            {
                if (set(settings, nameBytes, valueBytes, error, ErrorBytes) != 0)
                {
                    throw new BenchmarkException($"librdkafka rejected the setting {name}: {Marshal.PtrToStringUTF8((nint)error)}.");
                }
            }
        }

        var producer = make(ProducerKind, settings, error, ErrorBytes);
        return producer != 0 ? producer
            : throw new BenchmarkException($"librdkafka cannot create a producer: {Marshal.PtrToStringUTF8((nint)error)}.");
    }

    /// <summary>The struct rd_kafka_message_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Payload;
        public nuint Length;
        public nint Key;
        public nuint KeyLength;
        public long Offset;
        public nint Private;
    }
}
