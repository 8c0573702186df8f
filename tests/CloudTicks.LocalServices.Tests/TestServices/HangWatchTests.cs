using System.Diagnostics;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.TestServices;

public sealed class HangWatchTests
{
    public const string Asked = "CLOUDTICKS_TEST_HANGS";

    [Theory(Timeout = 120_000)]
    [InlineData(typeof(HangingTests), nameof(HangingTests.Takes_every_thread_of_the_pool))]
    [InlineData(typeof(HangingFixtureTests), "Collections in progress: Test collection for")]
    public async Task What_hangs_ends_its_process_and_is_named(Type hanging, string named)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-class", hanging.FullName!])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment[Asked] = "1";
        start.Environment["CLOUDTICKS_TEST_MINUTES"] = "0.05";
        // This one is to hang, and is not among the tests of the run.
        start.Environment.Remove("CLOUDTICKS_TEST_JOURNAL");

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldNotBe(0, await output);
        errors.ShouldContain("A test hangs: the limit is 0.05 minutes.");
        errors.Split('\n').ShouldContain(
            line => line.Contains(named, StringComparison.Ordinal) && line.Contains(hanging.Name, StringComparison.Ordinal));
    }
}
