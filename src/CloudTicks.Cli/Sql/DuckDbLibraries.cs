using CloudTicks.Cli.Places;
using CloudTicks.Lake.Native;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Cli.Sql;

/// <summary>Provides libduckdb and the Kafka and NATS clients to the commands that need them.</summary>
internal static class DuckDbLibraries
{
    /// <summary>Fetches libduckdb unless one is configured or installed.</summary>
    public static async Task UseAsync(TextWriter errors, CancellationToken cancellationToken)
    {
        Servers.UseFetchedClientLibraries();
        if (!DuckDbLibrary.IsFound)
        {
            Environment.SetEnvironmentVariable(
                DuckDbLibrary.PathVariable, await DuckDbInstallation.EnsureAsync(new InstallationReport(errors), cancellationToken));
        }
    }
}
