using System.CommandLine;

namespace CloudTicks.Cli.Systems;

/// <summary><c>cloudticks up</c>: starts AppHost, which parses the options itself.</summary>
internal static class UpCommand
{
    private const string Name = "up";

    /// <summary>Creates the entry for the list of commands; AppHost parses the arguments.</summary>
    public static Command Create() => new(
        Name, "Run the whole system on this machine until Ctrl-C, or with --detach in the background. 'up --help' shows all options.");

    public static bool IsRequestedBy(string[] args) => args is [Name, ..];

    public static int Run(string[] args, TextWriter errors)
    {
        try
        {
            return AppHostProgram.ReplaceWith(args[1..]);
        }
        catch (IOException exception)
        {
            errors.WriteLine(exception.Message);
            return ExitCodes.Usage;
        }
    }
}
