using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using CloudTicks.Cli.Places;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Cli.Systems;

/// <summary><c>cloudticks open</c>: opens the dashboard of the running system in a browser.</summary>
internal static class OpenCommand
{
    private const string Description = """
        Print the address of the dashboard, and open it in a browser if there is one.

        Exit code: 0 the address was printed; 1 no system is running, or its dashboard is still starting; 2 wrong usage, or
        no system is running in the folder of --data, or the system is starting or stopping.

        Examples:
          cloudticks open
          cloudticks open --data /mnt/big/ticks
        """;

    public static Command Create()
    {
        var command = new Command("open", Description) { TargetSystem.Data };
        command.SetAction(result => Run(TargetSystem.Of(result, isChange: false), Console.Out, Console.Error));
        return command;
    }

    private static int Run(TargetSystem target, TextWriter output, TextWriter errors)
    {
        try
        {
            if (target.RunningAppHost is not { Dashboard: { } page })
            {
                errors.WriteLine(target.RunningAppHost is null
                    ? "No system is running here. Start it with 'cloudticks up'."
                    : "The dashboard is still starting: try again in a moment.");
                return ExitCodes.Incomplete;
            }

            output.WriteLine(page.AbsoluteUri);
            Open(page, errors);
            return ExitCodes.Done;
        }
        catch (FormatException exception)
        {
            errors.WriteLine(exception.Message);
            return ExitCodes.Usage;
        }
    }

    /// <summary>Opens a browser, unless the machine has no display.</summary>
    private static void Open(Uri page, TextWriter errors)
    {
        if (Opener() is not { } opener)
        {
            return;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(opener, [page.AbsoluteUri])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception refused)
        {
            errors.WriteLine($"The browser could not be opened: {refused.Message}");
        }
    }

    private static string? Opener()
    {
        if (OperatingSystem.IsMacOS())
        {
            return "open";
        }

        var hasScreen = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
        return OperatingSystem.IsLinux() && hasScreen ? ProgramPath.Find("xdg-open") : null;
    }
}
