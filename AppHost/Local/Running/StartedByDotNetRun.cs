using System.Globalization;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// Detects that the <c>dotnet run</c> that started this process has exited. <c>dotnet run</c> forwards Ctrl-C and SIGTERM, but a SIGKILL
/// of it would leave this process running unnoticed. A process started by a shell, init or an IDE is left alone: it may be meant to
/// outlive its parent.
/// </summary>
/// <remarks>
/// Reads <c>/proc</c> (Linux). The parent-death signal of prctl(2) does not work: it is also sent when only a thread of the parent exits.
/// </remarks>
internal static class StartedByDotNetRun
{
    private const int FieldsToParent = 1;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the parent <c>dotnet run</c> has exited; never completes if there is none.</summary>
    public static async Task WaitForParentExitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || ParentId() is not { } parent || !IsDotNetRun(parent))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            return;
        }

        using var timer = new PeriodicTimer(PollInterval, time);
        while (ParentId() == parent)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether a command line is <c>dotnet run</c>, with or without a path or options before <c>run</c>.</summary>
    internal static bool IsDotNetRun(ReadOnlySpan<string> command) =>
        command.Length > 1 && Path.GetFileNameWithoutExtension(command[0]) == "dotnet" && Verb(command[1..]) == "run";

    private static bool IsDotNetRun(int process)
    {
        try
        {
            return IsDotNetRun(File.ReadAllText($"/proc/{process}/cmdline").Split('\0'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It has exited, or belongs to another user.
        }
    }

    private static string? Verb(ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (!argument.StartsWith('-'))
            {
                return argument;
            }
        }

        return null;
    }

    /// <summary>Reads the parent's id from /proc/self/stat, after the name in parentheses, which may contain anything.</summary>
    private static int? ParentId()
    {
        try
        {
            var status = File.ReadAllText("/proc/self/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[FieldsToParent], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // There is no /proc on this system.
        }
    }
}
