using CloudTicks.EventHub.Shares;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Shares;

/// <summary>The conditions under which memory is returned to the operating system.</summary>
public sealed class MemoryReturnTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly TimeSpan AfterDelay = TimeSpan.FromMinutes(1);

    private readonly TestTime _clock = new();
    private readonly MemoryReturn _return;
    private readonly MemoryBudget _budget;
    private int _collectionCount;

    public MemoryReturnTests()
    {
        _return = new MemoryReturn(_clock, () => _collectionCount++);
        _budget = new MemoryBudget(256 * Megabyte, new ShareSettings(0.25, 0.5), _clock, _return);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _return.Dispose();
    }

    [Fact]
    public void Memory_is_returned_once_after_large_grants_end()
    {
        OpenLarge().ForEach(static grant => grant.Dispose());
        _collectionCount.ShouldBe(0, "the delay after their disposal has not passed");
        _clock.Advance(AfterDelay);
        _collectionCount.ShouldBe(1);
        _clock.Advance(AfterDelay);
        _collectionCount.ShouldBe(1);
    }

    [Fact]
    public void New_large_grants_delay_the_return()
    {
        var readers = OpenLarge();
        for (var i = 0; i < 3; i++)
        {
            readers.ForEach(static grant => grant.Dispose());
            readers = OpenLarge();
            _clock.Advance(AfterDelay);
        }

        _collectionCount.ShouldBe(0, "the arrays are in use");
        readers.ForEach(static grant => grant.Dispose());
        _clock.Advance(AfterDelay);
        _collectionCount.ShouldBe(1);
    }

    [Fact]
    public void Small_grants_cause_no_collection()
    {
        for (var i = 0; i < 100; i++)
        {
            _budget.Open("a").Grant(Megabyte, Megabyte).Dispose();
            _clock.Advance(AfterDelay);
        }

        _collectionCount.ShouldBe(0);
    }

    private List<MemoryGrant> OpenLarge() =>
        [.. Enumerable.Range(0, 20).Select(_ => _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte))];
}
