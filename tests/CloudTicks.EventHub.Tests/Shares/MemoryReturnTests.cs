using CloudTicks.EventHub.Shares;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Shares;

/// <summary>When memory goes back to the system.</summary>
public sealed class MemoryReturnTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TestTime _clock = new();
    private readonly MemoryReturn _return;
    private readonly MemoryBudget _budget;
    private int _collections;

    public MemoryReturnTests()
    {
        _return = new MemoryReturn(_clock, () => _collections++);
        _budget = new MemoryBudget(256 * Megabyte, new ShareSettings(0.25, 0.5), _clock, _return);
    }

    public void Dispose()
    {
        _budget.Dispose();
        _return.Dispose();
    }

    [Fact]
    public void Memory_is_returned_once_when_those_that_held_much_have_gone()
    {
        Come().ForEach(static held => held.Dispose());
        _collections.ShouldBe(0, "what follows their end is not over yet");
        _clock.Advance(Long);
        _collections.ShouldBe(1);
        _clock.Advance(Long);
        _collections.ShouldBe(1);
    }

    [Fact]
    public void Those_that_come_back_in_between_are_waited_for()
    {
        var readers = Come();
        for (var i = 0; i < 3; i++)
        {
            readers.ForEach(static held => held.Dispose());
            readers = Come();
            _clock.Advance(Long);
        }

        _collections.ShouldBe(0, "their arrays are in use");
        readers.ForEach(static held => held.Dispose());
        _clock.Advance(Long);
        _collections.ShouldBe(1);
    }

    [Fact]
    public void Those_that_hold_little_go_without_a_collection()
    {
        for (var i = 0; i < 100; i++)
        {
            _budget.Open("a").Grant(Megabyte, Megabyte).Dispose();
            _clock.Advance(Long);
        }

        _collections.ShouldBe(0);
    }

    private List<HeldMemory> Come() => [.. Enumerable.Range(0, 20).Select(_ => _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte))];
}
