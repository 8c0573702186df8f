using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Topics;

/// <summary>Changes of settings whose record in the log is damaged: the file beside the topic's partitions has them too.</summary>
public sealed class LostSettingsTests : IDisposable
{
    private const int Before = 1000;
    private const int After = 2000;
    private readonly HubFolder _folder = new();
    private long _changeBegins;
    private long _changeEnds;

    private long LogBytes => new FileInfo(DataCopy.LogFile(_folder.Data)).Length;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_is_restored_whichever_of_its_bytes_is_damaged(bool isLastWrite)
    {
        await using var storage = await ChangedAsync();
        if (!isLastWrite)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of("behind"));
        }

        for (var at = _changeBegins; at < _changeEnds; at++)
        {
            var copy = _folder.Kill();
            DataCopy.Flip(DataCopy.LogFile(copy), at);
            for (var start = 0; start < 2; start++)
            {
                await using var again = new TestStorage(copy);
                MaxMessageBytes(again).ShouldBe(After, $"flipped at {at}, start {start}");
                again.Log.Lines.Count(line => line.Contains("settings of topic ticks are taken from", StringComparison.Ordinal))
                    .ShouldBe(start == 0 ? 1 : 0);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task File_that_is_older_than_the_log_takes_no_later_change_back()
    {
        await using var storage = await ChangedAsync();
        var old = File.ReadAllBytes(TopicFile(_folder.Data));
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = 3000 });
        await storage.AppendAsync("ticks", 0, Batches.Of("hit"));
        await storage.AppendAsync("ticks", 0, Batches.Of("behind"));
        var copy = _folder.Kill();
        File.WriteAllBytes(TopicFile(copy), old); // as a power cut may leave it: it is never flushed
        DataCopy.Flip(DataCopy.LogFile(copy), DataCopy.Batches(DataCopy.LogFile(copy))[0] + 70);

        await using var again = new TestStorage(copy);
        again.Log.Lines.ShouldContain(line => line.Contains("lost 1 records", StringComparison.Ordinal));
        MaxMessageBytes(again).ShouldBe(3000);
    }

    [Fact]
    public async Task File_from_before_the_last_checkpoint_takes_no_later_change_back()
    {
        byte[] old;
        await using (var storage = await ChangedAsync())
        {
            old = File.ReadAllBytes(TopicFile(_folder.Data));
            await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = 3000 });
        }

        await using var running = new TestStorage(_folder.Data);
        await running.AppendAsync("ticks", 0, Batches.Of("hit"));
        await running.AppendAsync("ticks", 0, Batches.Of("behind"));
        var copy = _folder.Kill();
        File.WriteAllBytes(TopicFile(copy), old);
        DataCopy.Flip(DataCopy.LogFile(copy), DataCopy.Batches(DataCopy.LogFile(copy))[0] + 70);

        await using var again = new TestStorage(copy);
        again.Log.Lines.ShouldContain(line => line.Contains("lost 1 records", StringComparison.Ordinal));
        MaxMessageBytes(again).ShouldBe(3000);
    }

    private static int MaxMessageBytes(TestStorage storage) => storage.Topic("ticks").Settings.MaxMessageBytes;

    private static string TopicFile(string data) => Directory.GetFiles(data, "topic", SearchOption.AllDirectories).ShouldHaveSingleItem();

    /// <summary>A topic with two changes of a setting; where the second lies in the log is noted.</summary>
    private async Task<TestStorage> ChangedAsync()
    {
        var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = Before });
        _changeBegins = LogBytes;
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = After });
        _changeEnds = LogBytes;
        return storage;
    }
}
