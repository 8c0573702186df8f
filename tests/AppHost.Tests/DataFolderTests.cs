using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>Starts AppHost with data folders that it cannot use.</summary>
public sealed class DataFolderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_only_folder_is_refused_with_a_message()
    {
        await using var disk = await SmallDisk.TryMountAsync(300, Cancellation);
        Assert.SkipWhen(disk is null, "A small disk cannot be mounted here: mounting needs root, and a container that permits it.");
        await disk.MakeReadOnlyAsync(Cancellation);

        (await RefusalAsync(disk.Path)).ShouldContain($"{disk.Path}/simulated cannot be written to (Read-only file system");
    }

    [Fact]
    public async Task Full_disk_is_refused_and_nothing_is_created()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, Cancellation);
        Assert.SkipWhen(disk is null, "A small disk cannot be mounted here: mounting needs root, and a container that permits it.");

        (await RefusalAsync(Path.Combine(disk.Path, "data"))).ShouldContain("make room, or choose another folder with --data");

        Directory.GetFileSystemEntries(disk.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task File_instead_of_a_folder_is_refused_with_a_message()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("data");
        await File.WriteAllTextAsync(file, "", Cancellation);

        (await RefusalAsync(file)).ShouldContain("choose another folder with --data");
    }

    [Fact]
    public async Task Folder_locked_briefly_by_a_search_is_accepted()
    {
        using var data = new TemporaryFolder();
        var folder = Directory.CreateDirectory(data.File("simulated")).FullName;
        var lockFile = Path.Combine(folder, "lock");
        await File.WriteAllTextAsync(lockFile, "", Cancellation);
        using var output = new StringWriter();
        var time = new TestTime();
        using var lines = new RunLines(output, LineLevel.Info, json: false, time);
        Task<IDisposable> acquiring;
        using (new FileStream(lockFile, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            acquiring = DataFolderLock.AcquireAsync(folder, lines, time);
            acquiring.IsCompleted.ShouldBeFalse();
        }

        time.Advance(TimeSpan.FromMilliseconds(500));

        using var acquired = await acquiring.WaitAsync(Cancellation);
        acquired.ShouldNotBeNull();
    }

    private static async Task<string> RefusalAsync(string folder)
    {
        await using var appHost = await AppHostProcess.StartAsync([], [], folder);
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2, appHost.ToString());
        return appHost.Lines.ShouldHaveSingleItem();
    }
}
