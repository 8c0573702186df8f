using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Tests.Wal;

public class SpaceGuardTests
{
    private const long Reserve = 64 << 20;

    [Fact]
    public void Varying_free_space_is_reported_once()
    {
        var disk = new SetDisk { Free = Reserve };
        var clock = new TestClock();
        var reported = new List<string?>();
        var guard = new SpaceGuard(disk, "/data", Reserve, clock, reported.Add);
        guard.HasRoom().ShouldBeTrue();

        foreach (var free in (long[])[Reserve - 1, Reserve + 1, Reserve - 1, Reserve + (Reserve / 8)])
        {
            HasRoomWith(free).ShouldBeFalse();
        }

        reported.ShouldBe([$"less than {new ByteSize(Reserve)} are free"]);
        HasRoomWith(Reserve + (Reserve / 4)).ShouldBeTrue();
        reported.ShouldBe([$"less than {new ByteSize(Reserve)} are free", null]);
        HasRoomWith(Reserve).ShouldBeTrue();

        bool HasRoomWith(long free)
        {
            disk.Free = free;
            clock.Advance(TimeSpan.FromSeconds(1));
            return guard.HasRoom();
        }
    }

    private sealed class SetDisk : Disk
    {
        public long Free { get; set; }

        public override long FreeBytes(string folder) => Free;
    }
}
