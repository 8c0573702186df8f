using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.EventStream;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>The folder of simulated ticks is kept below its size limit.</summary>
public sealed class FolderSizeLimitTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _written = new();
    private readonly Queue<DroppedTicks> _pieces = new();
    private readonly RunLines _lines;

    public FolderSizeLimitTests() => _lines = new RunLines(_written, LineLevel.Info, json: false, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folder_within_its_limit_is_unchanged()
    {
        Fill(1_000);

        await CreateLimit(1_000).CheckAsync(Cancellation);

        _written.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Oldest_pieces_are_dropped_and_logged()
    {
        Fill(1_000);
        foreach (var minute in Enumerable.Range(1, 5))
        {
            _pieces.Enqueue(new DroppedTicks(Noon.AddMinutes(minute), 200));
        }

        await CreateLimit(700).CheckAsync(Cancellation);

        _pieces.Count.ShouldBe(3);
        _written.ToString().ShouldContain(
            "held 1 kB, and --max-disk is 700 B: simulated ticks before 2026-01-01T12:02:00Z have been dropped");
    }

    [Fact]
    public async Task Excess_that_cannot_be_dropped_is_logged_once()
    {
        Fill(1_000);
        _pieces.Enqueue(new DroppedTicks(Noon, 100));
        var limit = CreateLimit(500);

        await limit.CheckAsync(Cancellation);
        await limit.CheckAsync(Cancellation);

        _pieces.ShouldBeEmpty();
        _written.ToString().Split('\n').Count(line => line.Contains("nothing can be dropped", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Lake_counts_towards_the_limit_and_is_warned_about_once()
    {
        using var lake = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(lake.Path, "part.parquet"), new byte[600]);
        Fill(500);
        foreach (var minute in Enumerable.Range(1, 3))
        {
            _pieces.Enqueue(new DroppedTicks(Noon.AddMinutes(minute), 100));
        }

        var limit = CreateLimit(1_000, lake.Path);
        await limit.CheckAsync(Cancellation);
        await limit.CheckAsync(Cancellation);

        // The files of this test do not shrink, so each check drops one piece.
        _pieces.Count.ShouldBe(1);
        new FileInfo(Path.Combine(lake.Path, "part.parquet")).Length.ShouldBe(600);
        var written = _written.ToString();
        written.ShouldContain("with its lake held 1.1 kB, and --max-disk is 1 kB");
        written.Split('\n').Count(line => line.Contains("holds 600 B, more than half of --max-disk 1 kB", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Unavailable_server_is_retried_at_the_next_check()
    {
        Fill(1_000);
        var calls = 0;
        var limit = new FolderSizeLimit(
            _folder.Path, null, 500,
            _ => ++calls == 1
                ? throw new EventStreamException("The hub does not answer.") : Task.FromResult<DroppedTicks?>(new DroppedTicks(Noon, 600)),
            _lines, TimeProvider.System);

        await limit.CheckAsync(Cancellation);
        await limit.CheckAsync(Cancellation);

        calls.ShouldBe(2);
        _written.ToString().ShouldContain("the check of --max-disk is postponed: The hub does not answer.");
        _written.ToString().ShouldContain("have been dropped");
    }

    [Theory]
    [InlineData("10GB", 10_000_000_000)]
    [InlineData("1.5tb", 1_500_000_000_000)]
    [InlineData("1000MB", 1_000_000_000)]
    public void Valid_size_is_accepted(string text, long bytes)
    {
        DataSize.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("10")]
    [InlineData("0GB")]
    [InlineData("-5GB")]
    [InlineData("999MB")]
    [InlineData("10 GB ")]
    [InlineData("10000000000TB")]
    [InlineData("a lot")]
    public void Invalid_or_too_small_size_is_refused(string text) => DataSize.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("--max-disk", "5", "--max-disk takes a size of at least 1GB, such as 10GB or 1.5TB, not '5'.")]
    [InlineData("--max-disk", "100MB", "--max-disk takes a size of at least 1GB, such as 10GB or 1.5TB, not '100MB'.")]
    public async Task Wrong_size_on_the_command_line_ends_the_start(string option, string value, string sentence)
    {
        await using var appHost = await AppHostProcess.StartAsync([option, value], [], _folder.Path);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2, appHost.ToString());

        appHost.Lines.ShouldContain(sentence);
    }

    [Fact]
    public async Task Real_feed_has_no_limit()
    {
        await using var appHost =
            await AppHostProcess.StartAsync(["--max-disk", "5GB"], new() { ["POLYGON_API_KEY"] = "any" }, _folder.Path);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2, appHost.ToString());

        appHost.Lines.ShouldHaveSingleItem().ShouldContain("real ticks are never dropped");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _written.Dispose();
        _folder.Dispose();
    }

    private FolderSizeLimit CreateLimit(long bytes, string? lake = null) => new(
        _folder.Path, lake, bytes, _ => Task.FromResult(_pieces.TryDequeue(out var piece) ? piece : null), _lines, TimeProvider.System);

    private void Fill(int bytes)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "deep"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "deep", "ticks"), new byte[bytes]);
    }
}
