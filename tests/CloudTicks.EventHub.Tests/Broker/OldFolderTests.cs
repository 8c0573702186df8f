using System.IO.Compression;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class OldFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// version1.zip was written by the last release that did not store groups; that event hub was stopped once and killed once. The group
    /// "before" committed two records (in the snapshot), the group "after" four (in the log).
    /// </summary>
    [Fact]
    public async Task Folder_of_first_version_opens()
    {
        var data = _folder.File("hub");
        using (var content = typeof(OldFolderTests).Assembly.GetManifestResourceStream("version1.zip").ShouldNotBeNull())
        {
            ZipFile.ExtractToDirectory(content, data);
        }

        for (var start = 1; start <= 2; start++)
        {
            await using var storage = new TestStorage(data);
            storage.ReadAll("ticks").Select(r => r.Value).ShouldBe(["a", "b", "c", "d", "e"], $"start {start}");
            storage.Hub.Offsets.Find("before", new PartitionName("ticks", 0)).ShouldNotBeNull().Offset.ShouldBe(2);
            storage.Hub.Offsets.Find("after", new PartitionName("ticks", 0)).ShouldNotBeNull().Offset.ShouldBe(4);
            storage.Hub.Groups.All.Count.ShouldBe(start - 1, "the first version stored no groups");
            var groupUpdate = new GroupUpdate(storage.Hub.Groups, new GroupSnapshot("after", 3, "consumer", "", "", Stable: false, []));
            storage.Hub.Log.Enqueue(groupUpdate);
            await groupUpdate.Completion;
        }
    }
}
