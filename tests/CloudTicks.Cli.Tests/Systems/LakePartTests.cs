using CloudTicks.Cli.Systems;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Cli.Tests.Systems;

/// <summary>The line of the lake in <c>cloudticks status</c>.</summary>
public sealed class LakePartTests
{
    [Fact]
    public void Lake_is_shown_with_its_figures() =>
        LakePart.Of(new LakeStatus("/data/lake", 812_204, 3_654_918, 2)
        {
            Newest = new DateTimeOffset(2026, 11, 21, 6, 59, 59, TimeSpan.Zero),
            LagRecords = 1,
            ArchiveBytesPerTick = 9,
            Writes = true,
        }).ShouldBe(new PartStatus("lake", "/data/lake", null)
        {
            Figures = "812,204 ticks in 2 files, 3.7 MB, 4.5 B a tick (2.0 times smaller than the archive), newest hour 2026-11-21T06Z, "
                + "1 record behind the archive",
        });

    [Fact]
    public void Lake_of_small_files_is_larger_than_the_archive() =>
        LakePart.Of(new LakeStatus("/data/lake", 100, 4_500, 4) { ArchiveBytesPerTick = 9, Writes = true })
            .Figures.ShouldBe("100 ticks in 4 files, 4.5 kB, 45.0 B a tick (5.0 times larger than the archive)");

    [Fact]
    public void Unwritten_lake_is_shown_with_its_problem() =>
        LakePart.Of(new LakeStatus("/data/lake", 0, 0, 0) { Problem = "The disk is full." }).ShouldBe(
            new PartStatus("lake", "/data/lake", "The disk is full.")
            {
                Figures = "0 ticks in 0 files, 0 B, not written yet, or by another process",
            });
}
