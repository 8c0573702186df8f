using CloudTicks.EventStream.Records;

namespace CloudTicks.Verification;

/// <summary>The stretch of a topic that belongs to one run: from where it ended when the run began to where it ended after it.</summary>
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
