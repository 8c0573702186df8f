using CloudTicks.Cli.Places;
using CloudTicks.Lake.Native;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Cli.Sql;

/// <summary>Has libduckdb and the clients at hand for a command that needs them.</summary>
internal static class DuckDbProgram
{
    /// <summary>Fetches libduckdb, where none is named or installed.</summary>
    public static async Task UseAsync(TextWriter errors, CancellationToken cancellationToken)
    {
        Servers.UseLibraries();
        if (!DuckDbLibrary.IsFound)
        {
            Environment.SetEnvironmentVariable(
                DuckDbLibrary.PathVariable, await DuckDbInstallation.EnsureAsync(new InstallationReport(errors), cancellationToken));
        }
    }
}
