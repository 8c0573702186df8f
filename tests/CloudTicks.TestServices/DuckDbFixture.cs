using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// Sets the path of libduckdb for this process, unless the environment sets it. As an assembly fixture:
/// <c>[assembly: AssemblyFixture(typeof(DuckDbFixture))]</c>.
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

    /// <summary>Keeps the variable: the library stays loaded until the process exits.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
