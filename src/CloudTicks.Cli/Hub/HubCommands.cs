using System.CommandLine;
using CloudTicks.CentralHub.Access;

namespace CloudTicks.Cli.Hub;

/// <summary>Makes commands that speak with the hub.</summary>
internal static class HubCommands
{
    /// <summary>Gives a command the options of the hub and what it does; a refusal of the hub ends it with a sentence and an exit code.</summary>
    /// <returns>The same command.</returns>
    public static Command OnHub(this Command command, Func<HubSession, ParseResult, CancellationToken, Task<int>> run)
    {
        command.Add(HubOptions.Address);
        command.Add(HubOptions.Json);
        command.Add(HubOptions.Color);
        command.SetAction((result, cancellationToken) => RunAsync(result, run, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, Func<HubSession, ParseResult, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        var console = HubConsole.Of(result);
        var json = result.GetValue(HubOptions.Json);
        try
        {
            using var hub = new HubClient(result.GetValue(HubOptions.Address)!, Environment.GetEnvironmentVariable(AccessKey.Variable));
            return await run(new HubSession(hub, console, json), result, cancellationToken);
        }
        catch (HubProblemException problem)
        {
            console.Problem(problem, json);
            return problem.ExitCode;
        }
    }
}
