using System.CommandLine;
using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config</c>: reads and changes the documents of the central hub, which services follow while they run.</summary>
internal static class ConfigCommand
{
    private const string Description = $"""
        Read and change the services' documents at the central hub, while everything runs.

        {TargetSystem.Rule}
        In the environment, CLOUDTICKS_HUB names the hub; if the hub requires a key, set CLOUDTICKS_HUB_KEY.
        Exit code: 0 done; 1 something was not found or could not be read, the editor failed, or the server is not a hub; 2 wrong usage;
        3 the document was changed concurrently; 4 the hub refuses the values and names each fault; 5 the key is missing, invalid or lacks
        the permission; 6 the hub does not answer, fails or is overloaded.

        Examples:
          cloudticks config get
          cloudticks config get rate_limit_per_second
          cloudticks config set rate_limit_per_second=10 symbols=EURUSD,XAUUSD --comment "fewer"
          cloudticks config set tick-functions retention_days=5 --dry-run
          cloudticks config edit
          cloudticks config diff 3 5
          cloudticks config rollback 3
          cloudticks config explain Symbols
        """;

    public static Command Create() => new("config", Description)
    {
        ConfigGet.Create(), ConfigSet.Create(), ConfigEdit.Create(), ConfigDiff.Create(), ConfigHistory.Create(), ConfigRollback.Create(),
        ConfigExplain.Create(),
    };
}
