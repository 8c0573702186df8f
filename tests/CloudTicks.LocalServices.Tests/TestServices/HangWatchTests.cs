using System.Diagnostics;
using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.TestServices;

public sealed class HangWatchTests
{
    public const string Variable = "CLOUDTICKS_TEST_HANGS";

    [Theory]
    [InlineData(typeof(HangingTests), nameof(HangingTests.Test_blocks_every_thread_of_the_pool))]
    [InlineData(typeof(HangingFixtureTests), "Collections in progress: Test collection for")]
    public async Task Hanging_test_is_named_and_ends_the_process(Type hanging, string expected)
    {
        const double firstMinutes = 0.05;
        const double maxMinutes = 1;
        var minutes = firstMinutes;
        var errors = await RunHangingAsync(hanging, minutes);
        // On a busy machine the limit may pass before the test begins. Then no test is in progress, and the next process gets more time.
        while (!ContainsExpected(errors))
        {
            minutes *= 2;
            minutes.ShouldBeLessThan(maxMinutes, errors);
            errors = await RunHangingAsync(hanging, minutes);
        }

        bool ContainsExpected(string text) => text.Split('\n').Any(
            line => line.Contains(expected, StringComparison.Ordinal) && line.Contains(hanging.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Test_that_waits_too_long_fails_alone()
    {
        const double firstMinutes = 0.1;
        const double maxMinutes = 2;
        var minutes = firstMinutes;
        var (exitCode, output, errors) = await RunAsync(typeof(WaitingTests), minutes);
        // On a busy machine the limit of the process may pass before the test is cancelled.
        while (errors.Contains("A test hangs", StringComparison.Ordinal))
        {
            minutes *= 2;
            minutes.ShouldBeLessThan(maxMinutes, errors);
            (exitCode, output, errors) = await RunAsync(typeof(WaitingTests), minutes);
        }

        exitCode.ShouldNotBe(0, output);
        output.ShouldContain(string.Create(
            CultureInfo.InvariantCulture, $"The test is cancelled after {minutes * 2 / 3:0.##} minutes; the stack trace shows"));
        output.ShouldContain($"failed {typeof(WaitingTests).FullName}.{nameof(WaitingTests.Test_waits_until_it_is_cancelled)}");
        output.ShouldContain("succeeded: 1");
    }

    /// <summary>Runs the hanging class in its own process until the watchdog ends it.</summary>
    /// <returns>The process's standard error.</returns>
    private static async Task<string> RunHangingAsync(Type hanging, double minutes)
    {
        var (exitCode, output, errors) = await RunAsync(hanging, minutes);
        exitCode.ShouldNotBe(0, output);
        errors.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"A test hangs: the limit is {minutes:0.##} minutes."));
        return errors;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Type hanging, double minutes)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-class", hanging.FullName!])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment[Variable] = "1";
        start.Environment["CLOUDTICKS_TEST_MINUTES"] = minutes.ToString(CultureInfo.InvariantCulture);
        // The test hangs on purpose, so it must not appear in the journal of this run.
        start.Environment.Remove("CLOUDTICKS_TEST_JOURNAL");

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        return (process.ExitCode, await output, errors);
    }
}
