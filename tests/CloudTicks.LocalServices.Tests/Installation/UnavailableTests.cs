using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

/// <summary>When the installation is not possible, one sentence says what is missing and what to set instead.</summary>
public sealed class UnavailableTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TemporaryFolder _cache = new();

    public UnavailableTests()
    {
        Write("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_CODENAME=bookworm\n");
        Write("etc/apt/sources.list", "deb http://127.0.0.1:1/debian bookworm main\n");
        Write("usr/share/keyrings/debian-archive-keyring.gpg", "");
    }

    public void Dispose()
    {
        _root.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task MacOS_message_names_brew_and_Docker()
    {
        var message = await MessageAsync(new HostSystem { Platform = OSPlatform.OSX });

        message.ShouldContain("macOS");
        message.ShouldContain("brew install librdkafka cnats");
        message.ShouldContain("CloudPackages=true");
    }

    [Fact]
    public async Task Windows_message_names_Docker_and_WSL()
    {
        var message = await MessageAsync(new HostSystem { Platform = OSPlatform.Windows });

        message.ShouldContain("Windows");
        message.ShouldContain("CloudPackages=true");
        message.ShouldContain("WSL");
    }

    [Fact]
    public async Task Other_Linux_message_names_the_system()
    {
        Write("etc/os-release", "NAME=Fedora\nPRETTY_NAME=\"Fedora Linux 42\"\nID=fedora\n");

        (await MessageAsync(Host())).ShouldContain("on Fedora Linux 42");
    }

    [Fact]
    public async Task Architecture_without_packages_is_named() =>
        (await MessageAsync(Host() with { Architecture = Architecture.RiscV64 })).ShouldContain("RiscV64");

    [Theory]
    [InlineData("apt-get", "dpkg-deb")]
    [InlineData("dpkg-deb", "apt-get")]
    public async Task Missing_program_is_named_with_its_package(string missing, string present)
    {
        Write($"bin/{present}", "");

        var message = await MessageAsync(Host() with { SearchPath = _root.File("bin") });

        message.ShouldContain($"{missing} (package ");
        message.ShouldContain("is not installed");
    }

    [Fact]
    public async Task Missing_keyring_is_named_with_the_command_that_installs_it()
    {
        File.Delete(_root.File("usr/share/keyrings/debian-archive-keyring.gpg"));

        (await MessageAsync(Host())).ShouldContain("apt-get install debian-archive-keyring");
    }

    [Fact]
    public async Task Ubuntu_without_Debians_keys_is_rejected()
    {
        Write("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n");
        File.Delete(_root.File("usr/share/keyrings/debian-archive-keyring.gpg"));

        var message = await MessageAsync(Host());

        message.ShouldContain("Ubuntu does not include the keys of Debian's archive");
        message.ShouldContain("apt-get install debian-archive-keyring");
    }

    [Fact]
    public async Task Unreachable_mirror_is_named_and_leaves_no_files()
    {
        var message = await MessageAsync(Host());

        message.ShouldContain("apt-get cannot reach http://127.0.0.1:1/debian trixie");
        Directory.EnumerateDirectories(_cache.File("cloudticks")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_with_an_unknown_signature_is_rejected()
    {
        var archive = _root.File("archive");
        Write("archive/dists/trixie/main/binary-amd64/Packages", "");
        Write("archive/dists/trixie/Release", "Origin: Debian\nSuite: stable\nCodename: trixie\nArchitectures: amd64\nComponents: main\n");
        Write("etc/apt/sources.list", $"deb file:{archive} bookworm main\n");

        var message = await MessageAsync(Host());

        message.ShouldContain($"the keys of this machine do not verify file:{archive} trixie");
        message.ShouldContain("debian-archive-keyring");
    }

    [Fact]
    public async Task Disk_with_too_little_space_is_named_before_the_download()
    {
        var message = await MessageAsync(Host(), requiredBytes: long.MaxValue);

        message.ShouldContain("the disk is full");
        message.ShouldContain(_cache.Path);
    }

    [Fact]
    public async Task Cache_that_cannot_be_created_is_named()
    {
        await File.WriteAllTextAsync(_cache.File("cloudticks"), "a file", TestContext.Current.CancellationToken);

        (await MessageAsync(Host())).ShouldContain(_cache.File("cloudticks"));
    }

    [Fact]
    public async Task Disk_that_fills_up_is_named_and_leaves_no_files()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount a small file system");
        await using var disk = await SmallDisk.MountAsync(_cache.Path, megabytes: 30);
        Assert.SkipUnless(disk.IsMounted, $"this root user cannot mount: {disk.Error}");

        var message = await MessageAsync(HostSystem.ThisMachine, requiredBytes: 0);

        message.ShouldContain("the disk is full");
        Directory.EnumerateDirectories(_cache.File("cloudticks")).ShouldBeEmpty();
    }

    private async Task<string> MessageAsync(HostSystem host, long requiredBytes = 0)
    {
        var options = new InstallationOptions { Host = host, CacheFolder = _cache.Path, RequiredBytes = requiredBytes };
        var unavailable = await Should.ThrowAsync<LocalServicesUnavailableException>(
            () => LocalInstallation.EnsureAsync(options, null, TestContext.Current.CancellationToken));

        unavailable.Message.ShouldNotContain("\n");
        unavailable.Message.ShouldEndWith(".");
        foreach (var setting in (string[])["ConnectionStrings__timescale", "ConnectionStrings__nats", "CLOUDTICKS_LIBRDKAFKA",
            "CLOUDTICKS_LIBNATS"])
        {
            unavailable.Message.ShouldContain(setting);
        }

        return unavailable.Message;
    }

    private HostSystem Host() => new() { Root = _root.Path, Platform = OSPlatform.Linux, Architecture = Architecture.X64 };

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.File(path))!);
        File.WriteAllText(_root.File(path), text);
    }
}
