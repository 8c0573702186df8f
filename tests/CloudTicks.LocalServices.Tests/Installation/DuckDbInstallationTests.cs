using CloudTicks.LocalServices.Installation;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

public sealed class DuckDbInstallationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_npm_the_sentence_names_it_and_the_variable()
    {
        var refusal = await RefusalAsync("/nowhere");

        refusal.ShouldContain("npm");
        refusal.ShouldContain("CLOUDTICKS_LIBDUCKDB");
    }

    [Fact]
    public async Task A_package_with_another_hash_is_refused_and_leaves_nothing()
    {
        var refusal = await RefusalAsync(Npm("echo 'not the package' > package.tgz"));

        refusal.ShouldContain("hash");
        Directory.GetDirectories(_folder.File("cache"), "*", SearchOption.AllDirectories).ShouldNotContain(path => path.Contains(
            "libduckdb"));
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_named_in_npms_words()
    {
        (await RefusalAsync(Npm("echo 'npm error network ECONNREFUSED' >&2; exit 1"))).ShouldContain("ECONNREFUSED");
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

    private async Task<string> RefusalAsync(string searchPath)
    {
        var options = new InstallationOptions { CacheFolder = _folder.File("cache"), Host = new HostSystem { SearchPath = searchPath } };
        return (await Should.ThrowAsync<LocalServicesUnavailableException>(
            DuckDbInstallation.EnsureAsync(options, null, Cancellation))).Message;
    }
}
