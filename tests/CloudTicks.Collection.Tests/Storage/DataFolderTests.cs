using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Storage;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Missing_folder_is_created_for_owner_only()
    {
        var path = _folder.File("a/b/collector");

        using var folder = Open(path);

        folder.Path.ShouldBe(path);
        new DirectoryInfo(path).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        new DirectoryInfo(folder.Folder("spool")).UnixFileMode.ShouldBe(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Second_collector_is_refused_until_first_stops()
    {
        using (Open(_folder.Path))
        {
            Refusal(_folder.Path).ShouldContain("Another collector is using");
        }

        Open(_folder.Path).Dispose();
    }

    [Fact]
    public async Task Waiting_collector_gets_folder_when_first_stops()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var time = new TestTime();
        var first = Open(_folder.Path);
        var second = FolderWait.OpenAsync(OptionsWithWait(TimeSpan.FromMinutes(1)), time, NullLogger.Instance, cancellation);
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        (await second.WaitAsync(cancellation)).Dispose();
    }

    [Fact]
    public async Task Waiting_collector_fails_after_maximum_wait()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var time = new TestTime();
        using var first = Open(_folder.Path);
        var second = FolderWait.OpenAsync(OptionsWithWait(TimeSpan.FromSeconds(1)), time, NullLogger.Instance, cancellation);
        second.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<CollectorException>(second.WaitAsync(cancellation))).Message.ShouldContain("Another collector is using");
    }

    [Fact]
    public async Task Unusable_folder_is_refused_without_waiting()
    {
        File.WriteAllText(_folder.File("thesis.txt"), "");

        (await Should.ThrowAsync<CollectorException>(FolderWait.OpenAsync(
            OptionsWithWait(TimeSpan.FromDays(1)), new TestTime(), NullLogger.Instance,
            TestContext.Current.CancellationToken))).Message.ShouldContain("thesis.txt");
    }

    [Fact]
    public void Foreign_folder_is_refused_and_not_changed()
    {
        File.WriteAllText(_folder.File("thesis.txt"), "");

        Refusal(_folder.Path).ShouldBe(
            $"The data folder {_folder.Path} does not belong to a collector: it contains thesis.txt. "
                + "Set Collector:DataFolder to a new or empty folder.");
        Directory.EnumerateFileSystemEntries(_folder.Path).Count().ShouldBe(1);
    }

    [Fact]
    public void Folder_of_other_feed_is_refused()
    {
        Open(_folder.Path).Dispose();

        Refusal(_folder.Path, FeedName.Polygon).ShouldContain("belongs to the feed 'simulated', but this collector collects 'polygon'");
        Open(_folder.Path).Dispose();
    }

    [Fact]
    public void Folder_of_later_version_is_refused()
    {
        File.WriteAllText(_folder.File("collector.folder"), "CloudTicks collector, version 2, feed simulated\n");

        Refusal(_folder.Path).ShouldContain("which this version does not know: update CloudTicks");
    }

    [Fact]
    public void Path_of_a_file_is_refused()
    {
        File.WriteAllText(_folder.File("file"), "");

        Refusal(_folder.File("file")).ShouldContain("cannot be used");
    }

    [Fact]
    public async Task Read_only_folder_is_refused()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await disk.MakeReadOnlyAsync(TestContext.Current.CancellationToken);

        Refusal(Path.Combine(disk.Path, "collector")).ShouldContain("cannot be written to");
        Refusal(disk.Path).ShouldContain("cannot be written to");
    }

    [Fact]
    public async Task New_folder_on_full_disk_is_refused_until_space_is_free()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        var path = Path.Combine(disk.Path, "collector");
        Directory.CreateDirectory(path);
        using (disk.Fill())
        {
            Refusal(path).ShouldContain("free disk space");
        }

        Open(path).Dispose();
    }

    private static DataFolder Open(string path, FeedName feed = FeedName.Simulated) =>
        DataFolder.Open(new CollectorOptions { DataFolder = path, FeedName = feed });

    private CollectorOptions OptionsWithWait(TimeSpan maxWait) =>
        new() { DataFolder = _folder.Path, FeedName = FeedName.Simulated, DataFolderWait = maxWait };

    private static string Refusal(string path, FeedName feed = FeedName.Simulated) =>
        Should.Throw<CollectorException>(() => Open(path, feed).Dispose()).Message;
}
