using System.CommandLine;
using CloudTicks.Cli.Backfilling;
using CloudTicks.Cli.Completing;
using CloudTicks.Cli.Configuring;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Exporting;
using CloudTicks.Cli.Keys;
using CloudTicks.Cli.Lakes;
using CloudTicks.Cli.Replaying;
using CloudTicks.Cli.Retaining;
using CloudTicks.Cli.Rollouts;
using CloudTicks.Cli.Sql;
using CloudTicks.Cli.Streaming;
using CloudTicks.Cli.Systems;
using CloudTicks.Cli.Tailing;
using CloudTicks.Cli.Usage;
using CloudTicks.Cli.Verifying;
using CloudTicks.Cli.Watching;

namespace CloudTicks.Cli;

internal static class CloudTicksCommand
{
    // The parser does not handle Ctrl-C and SIGTERM: they end a command immediately, unless the command handles them itself.
    private static readonly InvocationConfiguration WithoutSignalHandling = new() { ProcessTerminationTimeout = null };

    /// <summary>Runs the command in the arguments, or prints help or the faults in the arguments.</summary>
    public static int Run(string[] args) =>
        UpCommand.IsRequestedBy(args) ? UpCommand.Run(args, Console.Error) : Run(Create(), args, Console.Error);

    /// <summary>Runs the command, unless the arguments have faults.</summary>
    public static int Run(RootCommand root, string[] args, TextWriter errors)
    {
        if (RootHelp.IsRequested(args))
        {
            RootHelp.Write(root, Console.Out);
            return ExitCodes.Done;
        }

        var result = root.Parse(args, CommandLineFaults.Strict);
        // A completion request contains an unfinished line, whose faults must not be reported.
        var faults = CompletionCommand.IsRequestedBy(args) ? [] : CommandLineFaults.Of(result, args);
        if (faults.Count == 0)
        {
            return result.Invoke(WithoutSignalHandling);
        }

        foreach (var fault in faults)
        {
            errors.WriteLine(fault);
        }

        errors.WriteLine("See --help.");
        return ExitCodes.Usage;
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("CloudTicks at the command line.")
        {
            UpCommand.Create(), DownCommand.Create(), StatusCommand.Create(), LogsCommand.Create(), OpenCommand.Create(),
            StreamCommand.Create(), DecodeCommand.Create(), BackfillCommand.Create(), ConfigCommand.Create(), SymbolsCommand.Create(),
            RolloutCommand.Create(), ServicesCommand.Create(), TableRetentionCommand.Create(), KeysCommand.Create(),
            CompletionCommand.Create(), ReplayCommand.Create(), ExportCommand.Create(), SqlCommand.Create(), LakeCommand.Create(),
            TailCommand.Create(),
            WatchCommand.Create(), VerifyCommand.Create(),
        };
        return root;
    }
}
