using CloudTicks.EventStream.Records;

namespace CloudTicks.Verification;

/// <summary>The offsets of a topic that belong to one run: from the topic's end at the start of the run to its end after the run.</summary>
internal sealed record StreamWindow(string Topic, IReadOnlyList<OffsetRange> Ranges)
{
    public static StreamWindow Between(string topic, IReadOnlyList<PartitionWatermarks> begin, IReadOnlyList<PartitionWatermarks> end)
    {
        var starts = begin.ToDictionary(watermarks => watermarks.Partition, watermarks => watermarks.High);
        return new StreamWindow(
            topic,
            [.. end.Select(
                watermarks => new OffsetRange(watermarks.Partition, starts.GetValueOrDefault(watermarks.Partition), watermarks.High))]);
    }
}
