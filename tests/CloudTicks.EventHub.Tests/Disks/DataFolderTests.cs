using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Disks;

public sealed class DataFolderTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_log_file_is_reported()
    {
        string copy;
        await using (var storage = new TestStorage(_folder.Data))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            copy = _folder.Kill();
        }

        File.Move(DataCopy.LogFile(copy), Path.Combine(copy, "log", "00000000000000009999.log"));
        Should.Throw<StorageException>(() => new TestStorage(copy)).Message.ShouldContain("files are missing");
    }

    [Fact]
    public async Task Second_hub_on_same_folder_is_refused()
    {
        await using var first = new TestStorage(_folder.Data);
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("in use by another event hub");
    }

    [Fact]
    public async Task Unknown_format_version_is_refused()
    {
        await new TestStorage(_folder.Data).DisposeAsync();
        var file = Path.Combine(_folder.Data, "format");
        File.WriteAllText(file, File.ReadAllText(file).Replace("cloudticks-eventhub 1", "cloudticks-eventhub 2", StringComparison.Ordinal));
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("format version 2");
        File.WriteAllText(file, "something else");
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("not the format file");
        File.Delete(file);
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("no file named format");
    }

    [Fact]
    public async Task Damaged_checkpoint_is_refused()
    {
        await new TestStorage(_folder.Data).DisposeAsync();
        DataCopy.Flip(Path.Combine(_folder.Data, "snapshot"), 20);
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("is damaged");
    }

    [Fact]
    public void Foreign_folder_is_refused_and_unchanged()
    {
        Directory.CreateDirectory(_folder.Data);
        File.WriteAllText(Path.Combine(_folder.Data, "notes.txt"), "mine");

        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("contains notes.txt");

        Directory.GetFileSystemEntries(_folder.Data).Length.ShouldBe(1);
        File.ReadAllText(Path.Combine(_folder.Data, "notes.txt")).ShouldBe("mine");
    }

    [Fact]
    public void File_instead_of_folder_is_refused()
    {
        File.WriteAllText(_folder.Data, "");

        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("is a file");
    }

    [Fact]
    public void Full_disk_leaves_no_folder()
    {
        var disk = new FaultyDisk { Full = true };

        Should.Throw<StorageException>(() => new TestStorage(_folder.Data, disk)).Message.ShouldContain("its disk is full");

        Directory.Exists(_folder.Data).ShouldBeFalse();
    }
}
