using System.CommandLine;
using CloudTicks.Cli.Backfilling;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Configuring;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Keys;
using CloudTicks.Cli.Retaining;
using CloudTicks.Cli.Rollouts;
using CloudTicks.Cli.Streaming;

namespace CloudTicks.Cli;

/// <summary>The command line of <c>cloudticks</c>.</summary>
internal static class CloudTicksCommand
{
    // A pipe ends at once on Ctrl-C and SIGTERM: nothing is held back that a drain would have to write. A stream drains by its own host.
    private static readonly InvocationConfiguration OwnSignals = new() { ProcessTerminationTimeout = null };

    /// <summary>Runs the command that the arguments name, or shows help or what is wrong with them.</summary>
    /// <returns>The exit code, of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        var root = new RootCommand("CloudTicks at the command line.")
        {
            StreamCommand.Create(), DecodeCommand.Create(), BackfillCommand.Create(), ConfigCommand.Create(), SymbolsCommand.Create(), RolloutCommand.Create(), RetentionCommand.Create(), KeysCommand.Create(),
            CompletionCommand.Create(),
        };
        Replaying.ReplayCommand.AddAll(root);
        root.Add(Verifying.VerifyCommand.Create());
        var result = root.Parse(args);
        // What a shell asks to have completed is no whole command line yet.
        if (result.Errors.Count == 0 || CompletionCommand.IsAskedBy(args))
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
