using System.Diagnostics;
using System.Reflection;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>The program <c>cloudticks</c> as a separate process, as users run it.</summary>
internal static class CliProgram
{
    /// <summary>The path of the program.</summary>
    public static readonly string ProgramPath =
        typeof(CliProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "CliProgram").Value!;

    /// <summary>The exit code when the hub responds with 503, or does not answer.</summary>
    private const int UnavailableCode = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Runs a command against a central hub, and repeats it while it exits with <see cref="UnavailableCode"/>: on a busy machine the
    /// database may need more time than the hub gives it.
    /// </summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string hub, params string[] arguments)
    {
        (int Code, string Output, string Errors) result;
        do
        {
            result = await RunOnceAsync(hub, arguments);
        }
        while (result.Code == UnavailableCode && !Cancellation.IsCancellationRequested);

        return result;
    }

    private static async Task<(int Code, string Output, string Errors)> RunOnceAsync(string hub, string[] arguments)
    {
        var start = new ProcessStartInfo(
            DotNetProgram.Command, [ProgramPath, .. arguments, "--hub", hub])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
