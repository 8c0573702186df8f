using CloudTicks.EventStream.Records;
using CloudTicks.Relay.Archive;

namespace CloudTicks.Relay.Tests.Archive;

public sealed class TailPositionsTests
{
    /// <summary>A partition with records 0 to 19, which is read from record 5 and delivered from record 20.</summary>
    private readonly TailPositions _positions = new();

    public TailPositionsTests() =>
        _positions.Open([new PartitionWatermarks(0, 0, 20)], new Dictionary<int, long> { [0] = 5 }, isSame: false);

    [Theory]
    [InlineData(5, 20, 5, 20, false)]
    [InlineData(12, 20, 12, 20, false)]
    [InlineData(20, 30, 20, 20, false)]
    [InlineData(21, 30, 21, 21, true)]
    [InlineData(0, 3, 3, 3, true)]
    public void Lost_records_are_reported_only_if_events_may_be_missing(
        long low, long high, long next, long liveFrom, bool mayBeMissing)
    {
        _positions.MoveInto(0, low, high).ShouldBe(mayBeMissing);

        _positions.Next(0).ShouldBe(next);
        _positions.LiveFrom(0).ShouldBe(liveFrom);
    }
}
