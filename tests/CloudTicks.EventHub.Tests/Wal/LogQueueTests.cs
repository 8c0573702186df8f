using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Tests.Wal;

/// <summary>The order in which waiting entries are written.</summary>
public sealed class LogQueueTests
{
    private const int MaxBytes = 1000;
    private readonly LogQueue _queue = new();

    [Fact]
    public void Small_entry_passes_waiting_entries_of_other_client()
    {
        var (flood, client) = (new LogSource(), new LogSource());
        for (var i = 0; i < 100; i++)
        {
            _queue.Add(new Entry(flood, 400));
        }

        Take();
        var small = new Entry(client, 10);
        _queue.Add(small);
        Take()[0].ShouldBe(small);
    }

    [Fact]
    public void Clients_are_served_equally_by_bytes()
    {
        var (many, few) = (new LogSource(), new LogSource());
        for (var i = 0; i < 80; i++)
        {
            _queue.Add(new Entry(many, 50));
        }

        for (var i = 0; i < 10; i++)
        {
            _queue.Add(new Entry(few, 400));
        }

        var taken = Enumerable.Range(0, 4).SelectMany(_ => Take()).ToList();
        var (of, other) = (taken.Where(e => e.Source == many).Sum(e => e.Bytes), taken.Where(e => e.Source == few).Sum(e => e.Bytes));
        Math.Abs(of - other).ShouldBeLessThanOrEqualTo(400, $"{of} and {other} bytes");
    }

    [Fact]
    public void Large_entry_blocks_only_its_client()
    {
        var (client, other) = (new LogSource(), new LogSource());
        Entry[] entries = [new(client, 10), new(client, 5000), new(client, 20), new(other, 30), new(null, 0)];
        Array.ForEach(entries, _queue.Add);
        Take().ShouldBe([entries[4], entries[0], entries[3]], ignoreOrder: true);
        Take().ShouldBeEmpty();
        _queue.TakeSliced().ShouldBe(entries[1]);
        Take().ShouldBeEmpty();
        _queue.Release(client);
        Take().ShouldBe([entries[2]]);
        _queue.Count.ShouldBe(0);
    }

    [Fact]
    public void Past_service_does_not_count_after_idle_time()
    {
        var (client, flood) = (new LogSource(), new LogSource());
        _queue.Add(new Entry(client, 5000));
        Take().ShouldBeEmpty();
        _queue.TakeSliced().ShouldNotBeNull();
        _queue.Release(client);
        for (var i = 0; i < 10; i++)
        {
            _queue.Add(new Entry(flood, 400));
        }

        var small = new Entry(client, 10);
        _queue.Add(small);
        Take()[0].ShouldBe(small);
    }

    [Fact]
    public void Clear_returns_all_waiting_entries()
    {
        var client = new LogSource();
        Entry[] entries = [new(client, 5000), new(client, 20), new(new LogSource(), 5000), new(null, 0)];
        Array.ForEach(entries, _queue.Add);
        var taken = Take();
        taken.Concat(_queue.Clear()).ShouldBe(entries, ignoreOrder: true);
    }

    private List<LogEntry> Take()
    {
        var group = new CommitGroup();
        _queue.TakeInto(group, 100, MaxBytes);
        return group.Entries;
    }

    private sealed class Entry(LogSource? source, int bytes) : LogEntry
    {
        public override RecordKind Kind => RecordKind.Batch;

        public override LogSource? Source => source;

        public override int Bytes => bytes;

        public override EntryPayload Payload => default;

        public override bool Prepare() => false;

        public override void Complete()
        {
        }

        public override void Fail(LogFailure reason)
        {
        }
    }
}
