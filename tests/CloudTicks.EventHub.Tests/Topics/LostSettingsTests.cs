using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Topics;

/// <summary>If the log record of a settings change is damaged, the change is recovered from the file in the topic's folder.</summary>
public sealed class LostSettingsTests : IDisposable
{
    private const int MaxBytesBefore = 1000;
    private const int MaxBytesAfter = 2000;
    private readonly HubFolder _folder = new();
    private long _changeStart;
    private long _changeEnd;

    private long LogBytes => new FileInfo(DataCopy.LogFile(_folder.Data)).Length;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damaged_change_is_restored_from_topic_file(bool isLastWrite)
    {
        await using var storage = await OpenChangedAsync();
        if (!isLastWrite)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of("behind"));
        }

        for (var at = _changeStart; at < _changeEnd; at++)
        {
            var copy = _folder.Kill();
            DataCopy.Flip(DataCopy.LogFile(copy), at);
            for (var start = 0; start < 2; start++)
            {
                await using var reopened = new TestStorage(copy);
                MaxMessageBytes(reopened).ShouldBe(MaxBytesAfter, $"flipped at {at}, start {start}");
                reopened.Log.Lines.Count(line => line.Contains("settings of topic ticks are recovered from", StringComparison.Ordinal))
                    .ShouldBe(start == 0 ? 1 : 0);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Older_topic_file_does_not_undo_later_change()
    {
        await using var storage = await OpenChangedAsync();
        var old = File.ReadAllBytes(TopicFile(_folder.Data));
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = 3000 });
        await storage.AppendAsync("ticks", 0, Batches.Of("hit"));
        await storage.AppendAsync("ticks", 0, Batches.Of("behind"));
        var copy = _folder.Kill();
        File.WriteAllBytes(TopicFile(copy), old); // a power cut may leave an old file, because it is never flushed
        DataCopy.Flip(DataCopy.LogFile(copy), DataCopy.Batches(DataCopy.LogFile(copy))[0] + 70);

        await using var reopened = new TestStorage(copy);
        reopened.Log.Lines.ShouldContain(line => line.Contains("lost 1 records", StringComparison.Ordinal));
        MaxMessageBytes(reopened).ShouldBe(3000);
    }

    [Fact]
    public async Task Topic_file_before_checkpoint_does_not_undo_change()
    {
        byte[] old;
        await using (var storage = await OpenChangedAsync())
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

        await using var reopened = new TestStorage(copy);
        reopened.Log.Lines.ShouldContain(line => line.Contains("lost 1 records", StringComparison.Ordinal));
        MaxMessageBytes(reopened).ShouldBe(3000);
    }

    [Fact]
    public async Task Incomplete_topic_file_is_written_again()
    {
        await using var storage = await OpenChangedAsync();
        var copy = _folder.Kill();
        var complete = File.ReadAllBytes(TopicFile(copy));
        File.WriteAllBytes(TopicFile(copy), complete[..10]); // a full disk may leave such a file

        await using var reopened = new TestStorage(copy);
        File.ReadAllBytes(TopicFile(copy)).ShouldBe(complete);
    }

    private static int MaxMessageBytes(TestStorage storage) => storage.Topic("ticks").Settings.MaxMessageBytes;

    private static string TopicFile(string data) => Directory.GetFiles(data, "topic", SearchOption.AllDirectories).ShouldHaveSingleItem();

    /// <summary>Creates a topic with two changes of a setting and records the position of the second.</summary>
    private async Task<TestStorage> OpenChangedAsync()
    {
        var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = MaxBytesBefore });
        _changeStart = LogBytes;
        await storage.ChangeAsync("ticks", settings => settings with { MaxMessageBytes = MaxBytesAfter });
        _changeEnd = LogBytes;
        return storage;
    }
}
