using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>The local services of this user, downloaded by the first test that needs them; checked once per test process.</summary>
public static class TestInstallation
{
    private static readonly Lazy<Task<LocalInstallation>> Installation =
        new(() => LocalInstallation.EnsureAsync(new InstallationReport(Console.Error)));

    /// <summary>Returns the paths of the installed servers and libraries.</summary>
    public static Task<LocalInstallation> GetAsync() => Installation.Value;
}
