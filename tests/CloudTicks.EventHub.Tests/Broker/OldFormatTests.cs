using System.IO.Compression;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>
/// A data folder that the first release wrote before it was killed: the checkpoint contains 40 records of "ticks" (segments of 64 KiB) and
/// one record of "plain"; after it, the log contains 20 more records and the topic "later".
/// </summary>
public sealed class OldFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folder_of_first_release_opens_and_continues()
    {
        var data = _folder.File("hub");
        await ZipFile.ExtractToDirectoryAsync(
            Path.Combine(AppContext.BaseDirectory, "Data", "format-1.zip"), data, TestContext.Current.CancellationToken);
        await using (var storage = new TestStorage(data))
        {
            Check(storage, 0);
            storage.Topic("ticks").Settings.ShouldSatisfyAllConditions(
                s => s.SegmentBytes.ShouldBe(64 * 1024), s => s.RetentionMs.ShouldBe(-1));
            (await storage.Hub.Starts.MoveAsync([new LogStartMove(storage.Topic("ticks"), storage.Topic("ticks").Partitions[0], 50)]))
                .ShouldBe([ErrorCode.None]);
        }

        await using var reopened = new TestStorage(data);
        Check(reopened, 50);
    }

    private static void Check(TestStorage storage, int start)
    {
        storage.Hub.Topics.All.Select(t => (t.Name, t.Partitions.Length)).ShouldBe([("later", 3), ("plain", 1), ("ticks", 2)]);
        storage.ReadAll("ticks").Select(r => r.Value.Split(' ')[0]).ShouldBe(Enumerable.Range(start, 60 - start).Select(i => $"{i}"));
        storage.ReadAll("plain").ShouldBe([(0, "p")]);
        storage.ReadAll("later", 2).ShouldBe([(0, "l")]);
        storage.Topic("later").Settings.MaxMessageBytes.ShouldBe(200_000);
        storage.Hub.Offsets.Find("g", new PartitionName("ticks", 0)).ShouldBe(new CommittedOffset(7, -1, "m"));
        storage.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }
}
