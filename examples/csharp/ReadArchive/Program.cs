// Prints the quotes of one symbol from the archive: time, bid and ask. Stops at the current end of the archive.
using CloudTicks.EventStream.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using Confluent.Kafka;

if (args is not [var servers, var symbol, .. var rest])
{
    Console.Error.WriteLine("Usage: dotnet run --project examples/csharp/ReadArchive -- 127.0.0.1:9092 EURUSD [GROUP]");
    return 2;
}

// Loads this machine's librdkafka, or the one that CLOUDTICKS_LIBRDKAFKA names. The package librdkafka.redist makes this unnecessary.
Librdkafka.EnsureLoaded();
var config = new ConsumerConfig
{
    BootstrapServers = servers,
    GroupId = rest is [var group] ? group : "csharp-example",
    AutoOffsetReset = AutoOffsetReset.Earliest,
    EnableAutoCommit = false,
    EnablePartitionEof = true,
};
var (assigned, ended) = (new HashSet<int>(), new HashSet<int>());
using var consumer = new ConsumerBuilder<Ignore, byte[]>(config)
    .SetPartitionsAssignedHandler((_, partitions) => assigned.UnionWith(partitions.Select(partition => partition.Partition.Value)))
    .Build();
consumer.Subscribe("tick_archive");

var reader = new TickBatchReader(new SymbolDictionary());
var tick = default(Tick);
var count = 0L;
while (assigned.Count == 0 || ended.Count < assigned.Count)
{
    var result = consumer.Consume();
    if (result.IsPartitionEOF)
    {
        ended.Add(result.Partition.Value);
        continue;
    }

    if (GapRecord.IsGap(result.Message.Value))
    {
        continue; // the record reports a gap: a time in which ticks may be missing
    }

    reader.Open(result.Message.Value);
    while (reader.TryRead(ref tick))
    {
        count++;
        if (tick.Symbol.Name == symbol && tick.Has(TickFields.Bid | TickFields.Ask))
        {
            Console.WriteLine($"{tick.TimestampMs} {tick.Bid} {tick.Ask}");
        }
    }
}

// Commit only after printing: after a crash, the next run rereads what was not committed.
if (count > 0)
{
    consumer.Commit();
}

consumer.Close();
Console.Error.WriteLine($"{count} ticks read");
return 0;
