using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Tests.Links;

public sealed class SpreadRecordLinkTests
{
    private readonly List<RecordingLink> _opened = [];

    [Fact]
    public async Task Records_of_a_partition_use_one_link_in_order()
    {
        await using var link = Open(4);
        var sent = Enumerable.Range(0, 100).Select(i => new PendingRecord("ticks", i * 7 % 32, 0, 0)).ToList();

        sent.ForEach(record => link.Send(record, default, []));

        _opened.Count.ShouldBe(4);
        foreach (var partition in sent.GroupBy(record => record.Partition))
        {
            var carrier = _opened.Single(opened => opened.Sent.Exists(record => record.Partition == partition.Key));
            carrier.Sent.Where(record => record.Partition == partition.Key).ShouldBe(partition);
        }
    }

    [Fact]
    public async Task Other_links_are_opened_for_their_first_record()
    {
        await using var link = Open(4);
        _opened.Count.ShouldBe(1);
        link.Send(new PendingRecord("ticks", 0, 0, 0), default, []);
        _opened.Count.ShouldBe(1);
        link.Send(new PendingRecord("ticks", 6, 0, 0), default, []);
        _opened.Count.ShouldBe(2);
    }

    [Fact]
    public async Task All_links_are_prepared_and_closed()
    {
        var link = Open(3);
        await link.PrepareAsync("ticks", TestContext.Current.CancellationToken);
        _opened.Select(opened => opened.PreparedTopic).ShouldBe(["ticks", "ticks", "ticks"]);

        await link.DisposeAsync();
        _opened.ShouldAllBe(opened => opened.IsClosed);
    }

    private SpreadRecordLink Open(int links) => new(links, () =>
    {
        var opened = new RecordingLink();
        _opened.Add(opened);
        return opened;
    });

    private sealed class RecordingLink : IRecordLink
    {
        public List<PendingRecord> Sent { get; } = [];

        public string? PreparedTopic { get; private set; }

        public bool IsClosed { get; private set; }

        public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers) => Sent.Add(record);

        public Task PrepareAsync(string topic, CancellationToken cancellationToken)
        {
            PreparedTopic = topic;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
