using System.CommandLine;
using System.Globalization;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config rollback</c>: restores an earlier version as a new one.</summary>
internal static class ConfigRollback
{
    private static readonly Argument<string[]> Words = ConfigArguments.Argument("version", "The version to restore; 0 is the defaults.");

    public static Command Create() =>
        new Command(
            "rollback", "Restore an earlier version as a new version.") { Words, HubOptions.Comment,
            HubOptions.DryRun, HubOptions.Force }.ChangesHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var words = await ConfigArguments.ReadAsync(session.Hub, result, Words, cancellationToken);
        if (words.Rest is not [var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            session.Console.Error("Name the version to restore: cloudticks config history lists them.");
            return ExitCodes.Usage;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"{words.Path}/rollback/{version}{ConfigChange.Query(result)}");
        return ConfigChange.Show(session, await session.Hub.SendAsync(HttpMethod.Post, path, null, null, cancellationToken));
    }
}
