using CloudTicks.LocalServices.Installation;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Installation;

public sealed class AptSourcesTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Mirror_is_read_from_the_one_line_format()
    {
        WriteDebian();
        Write("etc/apt/sources.list", """
            # deb http://commented.example/debian bookworm main
            deb-src http://source.example/debian bookworm main
            deb cdrom:[Debian GNU/Linux 12]/ bookworm contrib
            deb http://security.example/debian-security bookworm-security main
            deb [ arch=amd64 signed-by=/etc/keys/own.gpg ] https://mirror.example/debian/ bookworm main contrib # near us
            """);

        var host = AptSources.ForHostRelease(Host());

        host.ShouldBe(new PackageArchive("https://mirror.example/debian/", "bookworm", "main", "/etc/keys/own.gpg"));
        host.SourcesLine("amd64").ShouldBe("deb [arch=amd64 signed-by=/etc/keys/own.gpg] https://mirror.example/debian/ bookworm main");
        AptSources.ForServers(Host(), "trixie").Uri.ShouldBe("https://mirror.example/debian/");
        AptSources.ForServers(Host(), "trixie").Keyring.ShouldBe(_root.File("usr/share/keyrings/debian-archive-keyring.gpg"));
    }

    [Fact]
    public void Mirror_is_read_from_the_deb822_format()
    {
        WriteDebian();
        Write("etc/apt/sources.list.d/a.sources", """
            Types: deb
            URIs: https://vendor.example/debian
            Suites: bookworm
            Components: vendor

            Enabled: no
            Types: deb
            URIs: https://off.example/debian
            Suites: bookworm
            Components: main
            """);
        Write("etc/apt/sources.list.d/b.sources", """
            # The mirror
            Types: deb deb-src
            # of this house
            URIs: https://mirror.example/debian
            Suites: bookworm
              bookworm-updates
            Components: main contrib
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
             -----END PGP PUBLIC KEY BLOCK-----
            """);
        Write("etc/apt/sources.list.d/c.sources.disabled",
            "Types: deb\nURIs: http://disabled.example\nSuites: bookworm\nComponents: main\n");

        AptSources.ForHostRelease(Host()).ShouldBe(new PackageArchive(
            "https://mirror.example/debian", "bookworm", "main", _root.File("usr/share/keyrings/debian-archive-keyring.gpg")));
    }

    [Fact]
    public void Debian_without_sources_of_its_release_is_rejected()
    {
        WriteDebian();

        Should.Throw<LocalServicesUnavailableException>(() => AptSources.ForHostRelease(Host())).Message
            .ShouldContain("no sources for its release bookworm");
    }

    [Fact]
    public void Configured_mirror_is_used_for_the_servers()
    {
        WriteDebian();

        AptSources.ForServers(Host() with { DebianMirror = "http://near.example/debian" }, "trixie").Uri.ShouldBe(
            "http://near.example/debian");
    }

    [Fact]
    public void Ubuntu_uses_its_mirror_and_the_configured_Debian_mirror()
    {
        Write("etc/os-release", "ID=ubuntu\nVERSION_CODENAME=noble\n");
        Write("usr/share/keyrings/debian-archive-keyring.gpg", "");
        Write("etc/apt/sources.list.d/ubuntu.sources", """
            Types: deb
            URIs: http://de.archive.example/ubuntu/
            Suites: noble noble-updates noble-backports
            Components: main restricted universe multiverse
            Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
            """);

        AptSources.ForHostRelease(Host()).ShouldBe(new PackageArchive(
            "http://de.archive.example/ubuntu/", "noble", "main universe", "/usr/share/keyrings/ubuntu-archive-keyring.gpg"));
        Should.Throw<LocalServicesUnavailableException>(() => AptSources.ForServers(Host(), "trixie")).Message
            .ShouldContain("CLOUDTICKS_DEBIAN_MIRROR");
        AptSources.ForServers(Host() with { DebianMirror = "http://mirror.example/debian" }, "trixie").Uri.ShouldBe(
            "http://mirror.example/debian");
    }

    [Theory]
    [InlineData("'http://deb.example/pool/p/x/libx_1%3a2.0-1_amd64.deb' libx_1%3a2.0-1_amd64.deb 1234 SHA256:00", "libx", "1:2.0-1", 1234)]
    [InlineData("'http://deb.example/pool/libstdc%2b%2b6_14.2.0-19_amd64.deb' libstdc++6_14.2.0-19_amd64.deb 713628 SHA256:00",
        "libstdc++6", "14.2.0-19", 713628)]
    public void Line_of_print_uris_is_parsed(string line, string name, string version, long bytes) =>
        DebianPackage.Parse(line).ShouldBe(new DebianPackage(name, version, bytes));

    [Fact]
    public void Other_line_of_apt_is_ignored() => DebianPackage.Parse("Reading package lists...").ShouldBeNull();

    private HostSystem Host() => new()
    {
        Root = _root.Path,
        DebianMirror = null,
        Architecture = System.Runtime.InteropServices.Architecture.X64,
    };

    private void WriteDebian()
    {
        Write("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
        Write("usr/share/keyrings/debian-archive-keyring.gpg", "");
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.File(path))!);
        File.WriteAllText(_root.File(path), text + "\n");
    }
}
