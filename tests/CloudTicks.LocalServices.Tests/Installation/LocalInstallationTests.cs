using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Postgres;
using CloudTicks.LocalServices.Tests.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

/// <summary>Installations into empty caches, from this machine's mirror.</summary>
public sealed class LocalInstallationTests : IDisposable
{
    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task First_call_downloads_and_the_second_needs_no_network()
    {
        var output = new StringWriter();
        var first = await LocalInstallation.EnsureAsync(
            new InstallationOptions { CacheFolder = _cache.Path }, new InstallationReport(output), TestContext.Current.CancellationToken);

        var report = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        report[0].ShouldBe($"local services: fetching TimescaleDB, NATS and the client libraries, once, into {first.Folder}");
        report.ShouldContain(
            line => line.StartsWith("local services: downloading 1 of ", StringComparison.Ordinal) && line.Contains(" 0.0 of "));
        report.ShouldContain(line => line.EndsWith(": postgresql-17-timescaledb", StringComparison.Ordinal));
        report[^1].ShouldBe($"local services: ready in {first.Folder}");
        NativeLibrary.Load(first.Librdkafka).ShouldNotBe(0);
        NativeLibrary.Load(first.Libnats).ShouldNotBe(0);
        (await File.ReadAllLinesAsync(Path.Combine(first.Folder, "packages"), TestContext.Current.CancellationToken))
            .ShouldContain(line => line.StartsWith("nats-server 2.", StringComparison.Ordinal));
        await using (var server = await PostgresServer.StartAsync(
            first, new PostgresServerOptions { DataFolder = _cache.File("data"), SharedBuffersMegabytes = 32 },
            TestContext.Current.CancellationToken))
        {
            server.Exited.IsCompleted.ShouldBeFalse();
        }

        // The second call finds neither apt-get nor dpkg-deb nor enough space: it would fail if it had to install anything.
        var secondOutput = new StringWriter();
        var second = await LocalInstallation.EnsureAsync(
            new InstallationOptions
            {
                CacheFolder = _cache.Path,
                Host = HostSystem.ThisMachine with { SearchPath = "" },
                RequiredBytes = long.MaxValue
            },
            new InstallationReport(secondOutput),
            TestContext.Current.CancellationToken);

        second.ShouldBe(first);
        secondOutput.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Interrupted_installation_is_repeated_by_one_process()
    {
        var environment = new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = _cache.Path };
        foreach (var moment in (string[])["downloading 10 of", "unpacked 30 of"])
        {
            await using var killed = await ParentProgram.StartAsync(["install", moment], environment);
            await killed.ReadUntilAsync(moment);
            await killed.KillAsync();
            Installations().ShouldBeEmpty();
        }

        // The first process pauses after this line, so that it does not end before the second has found it.
        await using var first = await ParentProgram.StartAsync(["install", "fetching"], environment);
        await first.ReadUntilAsync("fetching");
        await using var second = await ParentProgram.StartAsync(["install"], environment);
        await second.ReadUntilAsync("waiting for another process");
        await first.ResumeAsync();
        (await first.Process.Exited).ShouldBe(0);
        (await second.Process.Exited).ShouldBe(0);

        Installations().Count().ShouldBe(1);
        Directory.EnumerateDirectories(_cache.File("cloudticks"), ".*.tmp").ShouldBeEmpty();
        (await second.ReadAllAsync()).ShouldNotContain(line => line.Contains("downloading"));
    }

    private IEnumerable<string> Installations() => Directory.EnumerateDirectories(_cache.File("cloudticks"), "local-services-*");
}
