using System.Globalization;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// Tells when the <c>dotnet run</c> that started this process has gone. It hands Ctrl-C and SIGTERM on, but killed with SIGKILL it
/// cannot, and would leave this process running unnoticed. A program that a shell, init or an IDE started is left
/// alone: it may well be meant to outlive its parent.
/// </summary>
/// <remarks>
/// Read from <c>/proc</c> (Linux). Not the parent-death signal of prctl(2): that one comes when a thread of the parent ends, too.
/// </remarks>
internal static class StartedByDotNetRun
{
    private const int FieldsToParent = 1;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the <c>dotnet run</c> above this process has ended; never completes without one.</summary>
    public static async Task WaitForItsEndAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || ParentId() is not { } parent || !IsDotNetRun(parent))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            return;
        }

        using var looks = new PeriodicTimer(PollInterval, time);
        while (ParentId() == parent)
        {
            await looks.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether a command line is <c>dotnet run</c>, with or without a path and options before <c>run</c>.</summary>
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
            return false; // It has gone already, or belongs to another user.
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

    /// <summary>proc(5): number, name in parentheses (which may hold anything), state, number of the parent.</summary>
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
            return null; // No /proc here.
        }
    }
}
