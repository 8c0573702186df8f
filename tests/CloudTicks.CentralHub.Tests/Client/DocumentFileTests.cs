using CloudTicks.CentralHub.Client;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.CentralHub.Tests.Client;

public sealed class DocumentFileTests
{
    private const int VersionCount = 4;

    [Fact]
    public async Task Power_cut_at_any_point_keeps_the_last_good_document() =>
        (await PowerCutTrial.RunAsync(RunAsync, CheckAsync)).ShouldBeGreaterThan(20);

    [Theory]
    [InlineData("kept/service-")]
    [InlineData("kept")]
    [InlineData("")]
    public async Task Missing_flush_is_detected(string unflushed) => await Should.ThrowAsync<InvalidOperationException>(
        () => PowerCutTrial.RunAsync(
            RunAsync, CheckAsync, path => unflushed.EndsWith('-') ? path.StartsWith(unflushed, StringComparison.Ordinal)
                : path == unflushed, int.MaxValue));

    private static Task RunAsync(PowerCutRun run)
    {
        var file = new DocumentFile(Path.Combine(run.Folder, "kept"), "service", new Uri("http://127.0.0.1:7000/"), run.Disk);
        for (var version = 1; version <= VersionCount; version++)
        {
            file.Write(new HubDocument(version, "tag", """{"operational":{"symbols":["EURUSD"]}}"""));
            run.Promise();
        }

        return Task.CompletedTask;
    }

    private static Task CheckAsync(string folder, int promised)
    {
        var file = new DocumentFile(Path.Combine(folder, "kept"), "service", new Uri("http://127.0.0.1:7000/"), new UnflushedDisk());
        (file.Read()?.Version ?? 0).ShouldBeInRange(promised, VersionCount);
        return Task.CompletedTask;
    }
}
