using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>
/// Tests that every durable file of the collector survives a power cut at any point, and that an omitted flush is detected.
/// </summary>
public sealed class PowerLossTests
{
    [Theory]
    [InlineData("journal")]
    [InlineData("marks")]
    [InlineData("limits")]
    [InlineData("archive")]
    [InlineData("data folder")]
    [InlineData("letters")]
    [InlineData("spool")]
    [InlineData("destination")]
    public async Task Power_cut_at_any_point_keeps_durable_content(string file)
    {
        var durable = DurableFile.Of(file);
        var checkedStateCount = await PowerCutTrial.RunAsync(durable.RunAsync, durable.CheckAsync);
        TestContext.Current.TestOutputHelper?.WriteLine($"Checked {checkedStateCount} disk states that a power cut could leave");
        checkedStateCount.ShouldBeGreaterThan(durable.MinDiskStates);
    }

    [Theory]
    [InlineData("journal", "gaps.journal")]
    [InlineData("journal", "gaps.journal.next")]
    [InlineData("journal", "")]
    [InlineData("marks", "coverage.json.next")]
    [InlineData("marks", "")]
    [InlineData("limits", "limits.json.next")]
    [InlineData("limits", "")]
    [InlineData("archive", "data/archive.next")]
    [InlineData("archive", "data")]
    [InlineData("data folder", "data/collector.folder.next")]
    [InlineData("data folder", "data")]
    [InlineData("data folder", "")]
    [InlineData("letters", "letters.jsonl")]
    [InlineData("letters", "")]
    [InlineData("spool", "00000000000000000001.spool")]
    [InlineData("spool", "")]
    [InlineData("destination", "destination.next")]
    [InlineData("destination", "")]
    public async Task Omitted_flush_is_detected(string file, string unflushed)
    {
        var durable = DurableFile.Of(file);
        await Should.ThrowAsync<InvalidOperationException>(
            () => PowerCutTrial.RunAsync(durable.RunAsync, durable.CheckAsync, path => path == unflushed, disks: int.MaxValue));
    }
}
