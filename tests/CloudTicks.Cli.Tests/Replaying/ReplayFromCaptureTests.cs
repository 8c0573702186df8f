using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Tests.Replaying;

public sealed class ReplayFromCaptureTests : IDisposable
{
    private static readonly Symbol[] Symbols = [TestArchive.EurUsd, TestArchive.Apple, TestArchive.Bitcoin];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Captured_files_export_the_same_lines_as_the_archive(bool deflate)
    {
        await using var archive = await TestArchive.StartAsync();
        foreach (var symbol in Symbols)
        {
            byte[][] records =
            [
                TestArchive.Record(symbol, TickSource.Live, Enumerable.Range(150, 150)),
                TestArchive.Record(symbol, TickSource.Backfill, Enumerable.Range(0, 150)),
                TestArchive.Record(symbol, TickSource.Live, Enumerable.Range(100, 100)),
            ];
            var partition = symbol.PartitionOf(TestArchive.Partitions);
            foreach (var record in records)
            {
                await archive.AppendAsync(partition, record);
            }

            // One file for each time window, as Event Hubs Capture writes them.
            new CaptureFile(deflate).Add(records[0]).EndBlock().Add(records[1])
                .Save(_folder.File($"ns/tick_archive/{partition}/2025/01/27/16/00/00.avro"));
            new CaptureFile(deflate).Add(records[2]).Save(_folder.File($"ns/tick_archive/{partition}/2025/01/27/16/05/00.avro"));
        }

        var environment = new Dictionary<string, string?> { ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers };
        var fromHub = await CliRun.OfAsync(environment, "export", "--format", "ndjson", "--symbols", "EURUSD", "AAPL", "BTC-USD");
        var fromCapture = await CliRun.OfAsync(
            environment, "export", "--format", "ndjson", "--symbols", "EURUSD", "AAPL", "BTC-USD", "--from-capture", _folder.Path);

        (fromHub.ExitCode, fromCapture.ExitCode).ShouldBe((0, 0), fromCapture.Errors);
        fromHub.Lines.Length.ShouldBe(900);
        fromCapture.Lines.ShouldBe(fromHub.Lines);

        await archive.Hub.StopAsync();
        var replayed = await CliRun.OfAsync(environment, "export", "--format", "csv", "--from-capture", _folder.Path);
        replayed.ExitCode.ShouldBe(0, "no event hub is needed");
    }

    [Fact]
    public async Task Damaged_file_is_named_and_sets_the_exit_code()
    {
        new CaptureFile().Add(TestArchive.Record(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(0, 10)))
            .Save(_folder.File("good.avro"));
        using var whole = new CaptureFile();
        var bytes = whole.Add(TestArchive.Record(TestArchive.Apple, TickSource.Live, Enumerable.Range(0, 10))).ToArray();
        await File.WriteAllBytesAsync(_folder.File("torn.avro"), bytes[..^5], TestContext.Current.CancellationToken);

        var run = await CliRun.OfAsync(
            new Dictionary<string, string?>(), "export", "--format", "ndjson", "--from-capture", _folder.Path, "--json");

        run.ExitCode.ShouldBe(1);
        run.Lines.Length.ShouldBe(10);
        run.Errors.ShouldContain(_folder.File("torn.avro"));
        run.Errors.ShouldContain("\"refused_files\":1");
        run.Errors.ShouldContain("\"state\":\"incomplete\"");
    }

    [Fact]
    public async Task Folder_without_captured_files_is_reported()
    {
        var run = await CliRun.OfAsync(
            new Dictionary<string, string?>(), "replay", "--to-topic", "backtest", "--from-capture", _folder.Path);

        run.ExitCode.ShouldNotBe(0);
    }
}
