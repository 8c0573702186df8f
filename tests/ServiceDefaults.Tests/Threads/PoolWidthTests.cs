using ServiceDefaults.Threads;

namespace ServiceDefaults.Tests.Threads;

public sealed class PoolWidthTests
{
    private const int Processors = 8;

    private readonly PoolWidth _width = new(Processors);
    private TimeSpan _now;

    [Fact]
    public void Process_that_uses_little_keeps_one_thread_and_a_busy_one_has_all()
    {
        _width.Threads.ShouldBe(Processors, "a start is work");

        Measured(0.05).ShouldBe(1);
        Measured(0.5).ShouldBe(Processors);
        Measured(0.35).ShouldBe(Processors, "a process at the border does not go to and fro");
        Measured(0.2).ShouldBe(1);
        Measured(0.35).ShouldBe(1);
    }

    [Fact]
    public void Process_whose_one_thread_was_held_up_has_all_for_a_while()
    {
        Measured(0.05).ShouldBe(1);

        Measured(0, isHeldUp: true).ShouldBe(Processors);
        Measured(0).ShouldBe(Processors);

        _now += TimeSpan.FromSeconds(10);
        Measured(0).ShouldBe(1);
    }

    private int Measured(double share, bool isHeldUp = false)
    {
        _now += TimeSpan.FromSeconds(1);
        _width.Measured(_now, share, isHeldUp);
        return _width.Threads;
    }
}
