using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Tests.Wal;

public class SpaceGuardTests
{
    private const long Reserve = 64 << 20;

    [Fact]
    public void Free_space_that_wavers_around_the_reserve_is_said_once_and_over_when_there_is_room_to_spare()
    {
        var disk = new SetDisk { Free = Reserve };
        var clock = new TestClock();
        var said = new List<string?>();
        var space = new SpaceGuard(disk, "/data", Reserve, clock, said.Add);
        space.HasRoom().ShouldBeTrue();

        foreach (var free in (long[])[Reserve - 1, Reserve + 1, Reserve - 1, Reserve + (Reserve / 8)])
        {
            Look(free).ShouldBeFalse();
        }

        said.ShouldBe([$"less than {new ByteSize(Reserve)} are free"]);
        Look(Reserve + (Reserve / 4)).ShouldBeTrue();
        said.ShouldBe([$"less than {new ByteSize(Reserve)} are free", null]);
        Look(Reserve).ShouldBeTrue();

        bool Look(long free)
        {
            disk.Free = free;
            clock.Advance(TimeSpan.FromSeconds(1));
            return space.HasRoom();
        }
    }

    private sealed class SetDisk : Disk
    {
        public long Free { get; set; }

        public override long FreeBytes(string folder) => Free;
    }
}
