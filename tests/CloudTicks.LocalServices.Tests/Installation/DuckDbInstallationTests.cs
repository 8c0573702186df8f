using CloudTicks.LocalServices.Installation;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

public sealed class DuckDbInstallationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_npm_is_named_with_the_setting()
    {
        var message = await MessageAsync("/nowhere");

        message.ShouldContain("npm");
        message.ShouldContain("CLOUDTICKS_LIBDUCKDB");
    }

    [Fact]
    public async Task Package_with_another_hash_is_rejected()
    {
        var message = await MessageAsync(Npm("echo 'not the package' > package.tgz"));

        message.ShouldContain("hash");
        Directory.GetDirectories(_folder.File("cache"), "*", SearchOption.AllDirectories).ShouldNotContain(path => path.Contains(
            "libduckdb"));
    }

    [Fact]
    public async Task Registry_failure_is_reported_with_npms_message()
    {
        (await MessageAsync(Npm("echo 'npm error network ECONNREFUSED' >&2; exit 1"))).ShouldContain("ECONNREFUSED");
    }

    private string Npm(string script)
    {
        var bin = Directory.CreateDirectory(_folder.File("bin")).FullName;
        var npm = Path.Combine(bin, "npm");
        File.WriteAllText(npm, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return bin;
    }

    private async Task<string> MessageAsync(string searchPath)
    {
        var options = new InstallationOptions { CacheFolder = _folder.File("cache"), Host = new HostSystem { SearchPath = searchPath } };
        return (await Should.ThrowAsync<LocalServicesUnavailableException>(
            DuckDbInstallation.EnsureAsync(options, null, Cancellation))).Message;
    }
}
