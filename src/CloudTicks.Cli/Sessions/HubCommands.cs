using System.CommandLine;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Sessions;

internal static class HubCommands
{
    /// <summary>Adds the hub's options to a command; a refusal ends it with a message and an exit code.</summary>
    public static Command OnHub(this Command command, Func<HubSession, ParseResult, CancellationToken, Task<int>> run) =>
        OnHub(command, run, isChange: false);

    /// <summary>Like <c>OnHub</c>, for a command that changes something: prints the system, which must be unambiguous.</summary>
    public static Command ChangesHub(this Command command, Func<HubSession, ParseResult, CancellationToken, Task<int>> run) =>
        OnHub(command, run, isChange: true);

    private static Command OnHub(Command command, Func<HubSession, ParseResult, CancellationToken, Task<int>> run, bool isChange)
    {
        command.Add(HubOptions.Address);
        command.Add(TargetSystem.Data);
        command.Add(HubOptions.Json);
        command.Add(HubOptions.Color);
        command.SetAction((result, cancellationToken) => RunAsync(result, run, isChange, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, Func<HubSession, ParseResult, CancellationToken, Task<int>> run, bool isChange,
        CancellationToken cancellationToken)
    {
        var console = HubConsole.Of(result);
        var json = result.GetValue(HubOptions.Json);
        try
        {
            var target = TargetSystem.Of(result, isChange);
            var place = target.Hub(result.GetValue(HubOptions.Address));
            target.Announce(("hub", new Place<string>(place.Address.Authority, place.Source, place.Name)));
            using var hub = new HubClient(place.Address, ServiceKey.OfEnvironment());
            return await run(new HubSession(hub, console, json, target, TimeProvider.System), result, cancellationToken);
        }
        catch (FormatException exception)
        {
            console.Error(exception.Message);
            return ExitCodes.Usage;
        }
        catch (HubProblemException problem)
        {
            console.Problem(problem, json);
            return problem.ExitCode;
        }
    }
}
