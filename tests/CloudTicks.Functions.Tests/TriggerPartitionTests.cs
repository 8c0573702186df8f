using Azure.Messaging.EventHubs;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Tests;

public class TriggerPartitionTests
{
    [Theory]
    [InlineData("""{"PartitionId":"17","ConsumerGroup":"timescale"}""", 17)]
    [InlineData("""{"partitionId":17}""", 17)]
    [InlineData("""{"ConsumerGroup":"timescale"}""", 6)]
    [InlineData("Azure.Messaging.EventHubs.Consumer.PartitionContext", 6)]
    [InlineData(null, 6)]
    public void Partition_is_named_by_the_trigger_or_the_first_record(string? partitionContext, int expected)
    {
        EventData[] events = [new(new byte[] { 1, 2, 3 }), new(TestTicks.Record(6, 0, 1)), new(TestTicks.Record(9, 0, 1))];

        TriggerPartition.Of(new Context(partitionContext), events).ShouldBe(expected);
    }

    [Fact]
    public void Gap_record_names_the_partition_of_its_symbol()
    {
        Symbol.TryParse("EURUSD", out var symbol).ShouldBeTrue();
        var gap = new FeedGap(Guid.NewGuid(), symbol, TickKind.Quote, 0, 1, "disconnected", "test", GapState.Open, 0, null, 1);

        TriggerPartition.Of(new Context(null), [new("{"u8.ToArray()), new(GapRecord.Write(gap))]).ShouldBe(symbol.PartitionOf(32));
    }

    [Fact]
    public void Unknown_partition_is_reported()
    {
        EventData[] events = [new(new byte[] { 1, 2, 3 })];

        Should.Throw<InvalidOperationException>(() => TriggerPartition.Of(new Context(null), events)).Message.ShouldContain(
            "PartitionContext");
    }

    private sealed class Context(string? partitionContext) : FunctionContext
    {
        public override string InvocationId => "1";

        public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

        public override BindingContext BindingContext { get; } = new Binding(partitionContext);

        public override IServiceProvider InstanceServices { get; set; } = null!;
    }

    private sealed class Binding(string? partitionContext) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } =
            partitionContext is null ? new Dictionary<string, object?>()
                : new Dictionary<string, object?> { ["PartitionContext"] = partitionContext };
    }
}
