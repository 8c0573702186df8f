using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

/// <summary>Where nothing can be fetched, one sentence says what is missing and what to set instead.</summary>
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
    public async Task MacOS_is_told_of_brew_and_Docker()
    {
        var sentence = await SentenceAsync(new HostSystem { Platform = OSPlatform.OSX });

        sentence.ShouldContain("macOS");
        sentence.ShouldContain("brew install librdkafka cnats");
        sentence.ShouldContain("CloudPackages=true");
    }

    [Fact]
    public async Task Windows_is_told_of_Docker_and_WSL()
    {
        var sentence = await SentenceAsync(new HostSystem { Platform = OSPlatform.Windows });

        sentence.ShouldContain("Windows");
        sentence.ShouldContain("CloudPackages=true");
        sentence.ShouldContain("WSL");
    }

    [Fact]
    public async Task Other_Linux_is_named()
    {
        Write("etc/os-release", "NAME=Fedora\nPRETTY_NAME=\"Fedora Linux 42\"\nID=fedora\n");

        (await SentenceAsync(Host())).ShouldContain("on Fedora Linux 42");
    }

    [Fact]
    public async Task Architecture_without_packages_is_named() =>
        (await SentenceAsync(Host() with { Architecture = Architecture.RiscV64 })).ShouldContain("RiscV64");

    [Theory]
    [InlineData("apt-get", "dpkg-deb")]
    [InlineData("dpkg-deb", "apt-get")]
    public async Task Missing_program_is_named_with_its_package(string missing, string present)
    {
        Write($"bin/{present}", "");

        var sentence = await SentenceAsync(Host() with { SearchPath = _root.File("bin") });

        sentence.ShouldContain($"{missing} (package ");
        sentence.ShouldContain("is not installed");
    }

    [Fact]
    public async Task Missing_keyring_is_named_with_the_command_that_installs_it()
    {
        File.Delete(_root.File("usr/share/keyrings/debian-archive-keyring.gpg"));

        (await SentenceAsync(Host())).ShouldContain("apt-get install debian-archive-keyring");
    }

    [Fact]
    public async Task Ubuntu_is_told_that_it_comes_without_Debians_keys()
    {
        Write("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n");
        File.Delete(_root.File("usr/share/keyrings/debian-archive-keyring.gpg"));

        var sentence = await SentenceAsync(Host());

        sentence.ShouldContain("Ubuntu comes without the keys of Debian's archive");
        sentence.ShouldContain("apt-get install debian-archive-keyring");
    }

    [Fact]
    public async Task Mirror_that_does_not_answer_is_named_and_nothing_is_left()
    {
        var sentence = await SentenceAsync(Host());

        sentence.ShouldContain("apt-get does not reach http://127.0.0.1:1/debian trixie");
        Directory.EnumerateDirectories(_cache.File("cloudticks")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_that_the_keys_do_not_verify_is_refused()
    {
        var archive = _root.File("archive");
        Write("archive/dists/trixie/main/binary-amd64/Packages", "");
        Write("archive/dists/trixie/Release", "Origin: Debian\nSuite: stable\nCodename: trixie\nArchitectures: amd64\nComponents: main\n");
        Write("etc/apt/sources.list", $"deb file:{archive} bookworm main\n");

        var sentence = await SentenceAsync(Host());

        sentence.ShouldContain($"the keys of this machine do not verify file:{archive} trixie");
        sentence.ShouldContain("debian-archive-keyring");
    }

    [Fact]
    public async Task Disk_with_too_little_room_is_named_before_anything_is_fetched()
    {
        var sentence = await SentenceAsync(Host(), requiredBytes: long.MaxValue);

        sentence.ShouldContain("the disk is full");
        sentence.ShouldContain(_cache.Path);
    }

    [Fact]
    public async Task Cache_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(_cache.File("cloudticks"), "a file", TestContext.Current.CancellationToken);

        (await SentenceAsync(Host())).ShouldContain(_cache.File("cloudticks"));
    }

    [Fact]
    public async Task Disk_that_fills_up_on_the_way_is_named_and_nothing_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount a small file system");
        await using var disk = await SmallDisk.MountAsync(_cache.Path, megabytes: 30);
        Assert.SkipUnless(disk.IsMounted, $"this root may not mount: {disk.Complaint}");

        var sentence = await SentenceAsync(HostSystem.ThisMachine, requiredBytes: 0);

        sentence.ShouldContain("the disk is full");
        Directory.EnumerateDirectories(_cache.File("cloudticks")).ShouldBeEmpty();
    }

    private async Task<string> SentenceAsync(HostSystem host, long requiredBytes = 0)
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
