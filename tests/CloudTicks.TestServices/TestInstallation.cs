using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>The local services of this user, fetched by the first test that needs them; one look a test process.</summary>
public static class TestInstallation
{
    private static readonly Lazy<Task<LocalInstallation>> Installation =
        new(() => LocalInstallation.EnsureAsync(new InstallationReport(Console.Error)));

    /// <summary>Where the servers and libraries are.</summary>
    public static Task<LocalInstallation> GetAsync() => Installation.Value;
}
