using System.Buffers.Binary;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Delivery;

/// <summary>A scripted sink and a spool folder, which a test reuses for several deliveries.</summary>
internal sealed class DeliveryFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A time longer than the delivery's timeout for a stalled sink.</summary>
    public static TimeSpan StallDuration { get; } = TimeSpan.FromSeconds(2);

    public string Folder => _folder.Path;

    public TestTime Time { get; } = new();

    public ScriptedSink Sink { get; } = new();

    public List<MissedTicks> Missed { get; } = [];

    public List<int?> GapsLost { get; } = [];

    public CollectorCounters Counters { get; set; } = new();

    public static OutgoingRecord Record(int number, int bytes = 100)
    {
        // The value begins like a gap record, so that the delivery does not measure its latency.
        var value = new byte[bytes];
        value[0] = (byte)'{';
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(1), number);
        return new OutgoingRecord(number % 4, value, 1);
    }

    public static int Number(OutgoingRecord record) => BinaryPrimitives.ReadInt32LittleEndian(record.Value.AsSpan(1));

    public static async Task<List<Task>> SendAsync(RecordDelivery delivery, int first, int count)
    {
        List<Task> records = [];
        foreach (var number in Enumerable.Range(first, count))
        {
            records.Add(await delivery.SendAsync(Record(number), TestContext.Current.CancellationToken));
        }

        return records;
    }

    public static async Task UntilAsync(Func<bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!reached())
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public string[] Files() => Directory.GetFiles(Folder, "*.spool");

    public DeliveryOptions Options(long maxBytes, bool feedWaits, Disk? disk) =>
        new()
        {
            Folder = Folder,
            SpoolMaxBytes = maxBytes,
            FeedWaits = feedWaits,
            OnGapsLost = GapsLost.Add,
            Disk = disk ?? new Disk(),
        };

    public RecordDelivery Open(long maxBytes = 1 << 30, bool feedWaits = false, Disk? disk = null, ScriptedSink? sink = null) =>
        new(sink ?? Sink, Options(maxBytes, feedWaits, disk), Counters, Missed.Add, Time, NullLogger.Instance);

    public void Dispose() => _folder.Dispose();
}
