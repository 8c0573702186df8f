using System.Diagnostics;
using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.TestServices;

public sealed class HangWatchTests
{
    public const string Asked = "CLOUDTICKS_TEST_HANGS";

    [Theory]
    [InlineData(typeof(HangingTests), nameof(HangingTests.Takes_every_thread_of_the_pool))]
    [InlineData(typeof(HangingFixtureTests), "Collections in progress: Test collection for")]
    public async Task What_hangs_ends_its_process_and_is_named(Type hanging, string named)
    {
        const double first = 0.05;
        const double most = 1;
        var minutes = first;
        var errors = await HangAsync(hanging, minutes);
        // On a busy machine the limit may be over before the test has begun: nothing is in progress then, and the next process has longer.
        while (!Names(errors))
        {
            minutes *= 2;
            minutes.ShouldBeLessThan(most, errors);
            errors = await HangAsync(hanging, minutes);
        }

        bool Names(string text) => text.Split('\n').Any(
            line => line.Contains(named, StringComparison.Ordinal) && line.Contains(hanging.Name, StringComparison.Ordinal));
    }

    /// <summary>Runs what hangs in a process of its own, until the watch ends it.</summary>
    /// <returns>What the process wrote to standard error.</returns>
    private static async Task<string> HangAsync(Type hanging, double minutes)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-class", hanging.FullName!])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment[Asked] = "1";
        start.Environment["CLOUDTICKS_TEST_MINUTES"] = minutes.ToString(CultureInfo.InvariantCulture);
        // This one is to hang, and is not among the tests of the run.
        start.Environment.Remove("CLOUDTICKS_TEST_JOURNAL");

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldNotBe(0, await output);
        errors.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"A test hangs: the limit is {minutes:0.##} minutes."));
        return errors;
    }
}
