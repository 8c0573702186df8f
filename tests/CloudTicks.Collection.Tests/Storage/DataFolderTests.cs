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
    public void A_folder_that_is_not_there_is_made_for_the_owner_alone()
    {
        var path = _folder.File("a/b/collector");

        using var folder = Open(path);

        folder.Path.ShouldBe(path);
        new DirectoryInfo(path).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        new DirectoryInfo(folder.Folder("spool")).UnixFileMode.ShouldBe(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_second_collector_is_refused_until_the_first_has_gone()
    {
        using (Open(_folder.Path))
        {
            Refusal(_folder.Path).ShouldContain("Another collector works in");
        }

        Open(_folder.Path).Dispose();
    }

    [Fact]
    public async Task A_second_collector_that_may_wait_gets_the_folder_when_the_first_has_gone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var time = new TestTime();
        var first = Open(_folder.Path);
        var second = FolderTurn.OpenAsync(Waiting(TimeSpan.FromMinutes(1)), time, NullLogger.Instance, cancellation);
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        (await second.WaitAsync(cancellation)).Dispose();
    }

    [Fact]
    public async Task A_second_collector_waits_no_longer_than_it_may()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var time = new TestTime();
        using var first = Open(_folder.Path);
        var second = FolderTurn.OpenAsync(Waiting(TimeSpan.FromSeconds(1)), time, NullLogger.Instance, cancellation);
        second.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<CollectorException>(second.WaitAsync(cancellation))).Message.ShouldContain("Another collector works in");
    }

    [Fact]
    public async Task A_folder_that_no_wait_can_mend_is_refused_at_once()
    {
        File.WriteAllText(_folder.File("thesis.txt"), "");

        (await Should.ThrowAsync<CollectorException>(FolderTurn.OpenAsync(
            Waiting(TimeSpan.FromDays(1)), new TestTime(), NullLogger.Instance,
            TestContext.Current.CancellationToken))).Message.ShouldContain("thesis.txt");
    }

    [Fact]
    public void A_folder_of_others_is_refused_and_not_touched()
    {
        File.WriteAllText(_folder.File("thesis.txt"), "");

        Refusal(_folder.Path).ShouldBe(
            $"The data folder {_folder.Path} is not a collector's: it holds thesis.txt. Set Collector:DataFolder to a folder of its own.");
        Directory.EnumerateFileSystemEntries(_folder.Path).Count().ShouldBe(1);
    }

    [Fact]
    public void A_folder_of_another_feed_is_refused()
    {
        Open(_folder.Path).Dispose();

        Refusal(_folder.Path, FeedName.Polygon).ShouldContain("of the feed 'simulated' has kept, and this one is of 'polygon'");
        Open(_folder.Path).Dispose();
    }

    [Fact]
    public void A_folder_of_a_later_version_is_refused()
    {
        File.WriteAllText(_folder.File("collector.folder"), "CloudTicks collector, version 2, feed simulated\n");

        Refusal(_folder.Path).ShouldContain("which this version does not know: update CloudTicks");
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        File.WriteAllText(_folder.File("file"), "");

        Refusal(_folder.File("file")).ShouldContain("cannot be used");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_refused()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "a file system of its own can be mounted by root only");
        await disk.MakeReadOnlyAsync(TestContext.Current.CancellationToken);

        Refusal(Path.Combine(disk.Path, "collector")).ShouldContain("cannot be written to");
        Refusal(disk.Path).ShouldContain("cannot be written to");
    }

    [Fact]
    public async Task A_new_folder_on_a_full_disk_is_refused_and_can_be_used_when_there_is_room()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "a file system of its own can be mounted by root only");
        var path = Path.Combine(disk.Path, "collector");
        Directory.CreateDirectory(path);
        using (disk.Fill())
        {
            Refusal(path).ShouldContain("make room there");
        }

        Open(path).Dispose();
    }

    private static DataFolder Open(string path, FeedName feed = FeedName.Simulated) =>
        DataFolder.Open(new CollectorOptions { DataFolder = path, FeedName = feed });

    private CollectorOptions Waiting(TimeSpan patience) =>
        new() { DataFolder = _folder.Path, FeedName = FeedName.Simulated, DataFolderWait = patience };

    private static string Refusal(string path, FeedName feed = FeedName.Simulated) =>
        Should.Throw<CollectorException>(() => Open(path, feed).Dispose()).Message;
}
