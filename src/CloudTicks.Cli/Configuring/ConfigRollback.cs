using System.CommandLine;
using System.Globalization;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config rollback</c>: restores an earlier version as a new one.</summary>
internal static class ConfigRollback
{
    private static readonly Argument<string[]> Arguments =
        ConfigArguments.Argument("version", "The version to restore; 0 is the defaults.");

    public static Command Create() =>
        new Command(
            "rollback", "Restore an earlier version as a new version.") { Arguments, HubOptions.Comment,
            HubOptions.DryRun, HubOptions.Force }.ChangesHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        if (args.Rest is not [var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            session.Console.Error("Name the version to restore: cloudticks config history lists the versions.");
            return ExitCodes.Usage;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"{args.Path}/rollback/{version}{ConfigChange.Query(result)}");
        return ConfigChange.Show(session, await session.Hub.SendAsync(HttpMethod.Post, path, null, null, cancellationToken));
    }
}
