using System.Diagnostics;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.AppHost.Local;

/// <summary>
/// <c>--detach</c>: starts the run in a new session, prints its lines until every part that the feed needs is healthy, and exits while the
/// run continues. Until then, Ctrl-C and SIGTERM also stop the run.
/// </summary>
internal static class DetachedRun
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(DistributedApplicationBuilder builder, RunOptions options, IReadOnlyList<string> arguments)
    {
        using var lines = new RunLines(
            options.Json ? Console.Error : Console.Out, LineLevels.Parse(options.LogLevel), options.LogJson, TimeProvider.System);
        await using var interruption = new Interruption(lines, TimeProvider.System);
        var folder = LocalRun.FolderOf(builder, options);
        using var process = Start(arguments);
        var copying = Task.WhenAll(ForwardAsync(process.StandardOutput, Console.Out), ForwardAsync(process.StandardError, Console.Error));
        try
        {
            while (!process.HasExited)
            {
                if (AppHostNote.Read(folder) is { State: AppHostState.Running } note && note.Process == process.Id)
                {
                    lines.WriteRequested(
                        "run", LineLevel.Info,
                        $"the system is running in the background, as process {process.Id}; its log is {AppHostNote.LogFile(folder)}");
                    return ExitCodes.Ok;
                }

                await Task.Delay(PollInterval, TimeProvider.System, interruption.Token);
            }

            await copying;
            return process.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            _ = new ProcessIdentity(process.Id, ProcessIdentity.StartOf(process.Id) ?? "").Terminate();
            await process.WaitForExitAsync(CancellationToken.None);
            return ExitCodes.Interrupted;
        }
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        var (fileName, allArguments) = DotNetProgram.Start(typeof(DetachedRun).Assembly.Location, arguments);
        // Closing the terminal, or Ctrl-C in it, does not signal the new session.
        string[] session = OperatingSystem.IsLinux() && ProgramPath.Find("setsid") is { } setsid ? [setsid] : [];
        string[] command = [.. session, fileName, .. allArguments];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        return process;
    }

    private static async Task ForwardAsync(StreamReader reader, TextWriter writer)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            await writer.WriteLineAsync(line);
        }
    }
}
