using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// Points this process at libduckdb, unless its environment does: <c>[assembly: AssemblyFixture(typeof(DuckDbFixture))]</c>.
/// </summary>
public sealed class DuckDbFixture : IAsyncLifetime
{
    private const string Variable = "CLOUDTICKS_LIBDUCKDB";

    private static readonly Lazy<Task<string>> Library = new(() => DuckDbInstallation.EnsureAsync(new InstallationReport(Console.Error)));

    /// <summary>Sets the variable.</summary>
    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Environment.SetEnvironmentVariable(Variable, await Library.Value);
        }
    }

    /// <summary>Leaves the variable: the library stays loaded until the process ends.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
