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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs a command against a central hub.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string hub, params string[] arguments)
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
