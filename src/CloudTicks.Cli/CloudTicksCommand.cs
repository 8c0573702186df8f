using System.CommandLine;
using CloudTicks.Cli.Decoding;

namespace CloudTicks.Cli;

/// <summary>The command line of <c>cloudticks</c>.</summary>
internal static class CloudTicksCommand
{
    // A pipe ends at once on Ctrl-C and SIGTERM: nothing is held back that a drain would have to write.
    private static readonly InvocationConfiguration OwnSignals = new() { ProcessTerminationTimeout = null };

    /// <summary>Runs the command that the arguments name, or shows help or what is wrong with them.</summary>
    /// <returns>The exit code, of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        var root = new RootCommand("Tools for the tick archive of CloudTicks.") { DecodeCommand.Create() };
        var result = root.Parse(args);
        if (result.Errors.Count == 0)
        {
            return result.Invoke(OwnSignals);
        }

        foreach (var error in result.Errors)
        {
            Console.Error.WriteLine(error.Message);
        }

        Console.Error.WriteLine("See --help.");
        return ExitCodes.Usage;
    }
}
