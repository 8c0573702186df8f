using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using CloudTicks.Messaging.Nats;

namespace CloudTicks.Deployment.Tests;

/// <summary>The certificate that the before-provision hook creates, and how the template uses it.</summary>
public sealed partial class NatsCertificateTests
{
    [Fact]
    public async Task Certificate_of_the_hook_is_accepted_by_clients()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script, which Windows cannot run.");
        var output = await RunHookAsync();
        using var certificate = X509Certificate2.CreateFromPem(output["CLOUDTICKS_NATS_CERTIFICATE"], output["CLOUDTICKS_NATS_KEY"]);
        var nodes = NodeNames().Match(BicepFile.Of("infra/modules/nats.bicep").Code).Groups[1].Value.Split(", ")
            .Select(name => name.Trim('\''));
        var name = ServerName().Match(BicepFile.Of("infra/modules/secrets.bicep").Code).Groups[1].Value;

        certificate.HasPrivateKey.ShouldBeTrue();
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()
            .ShouldBe([.. nodes, name], ignoreOrder: true);
        // The connection string is assembled in the same way as in secrets.bicep.
        var connection = $"tls://cloudticks:password@nats-1.example:4222,tls://cloudticks:password@nats-2.example:4223"
            + $"?ca={Uri.EscapeDataString(output["CLOUDTICKS_NATS_CERTIFICATE"])}&name={name}";
        NatsConnectionSettings.Parse(connection).ToString().ShouldBe("tls://nats-1.example:4222,tls://nats-2.example:4223");
    }

    [Fact]
    public async Task Certificate_is_created_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script, which Windows cannot run.");
        (await RunHookAsync(("CLOUDTICKS_NATS_CERTIFICATE", "there"))).ShouldBeEmpty();
    }

    [Fact]
    public void Servers_and_routes_are_encrypted()
    {
        var node = BicepFile.Of("infra/modules/nats-node.bicep").Code;
        var secrets = BicepFile.Of("infra/modules/secrets.bicep").Code;

        Regex.Count(node, "tls \\{ cert_file: ").ShouldBe(2);
        node.ShouldContain("path: 'tls.pem'");
        secrets.ShouldContain("'tls://cloudticks:${natsPassword}@${server}'");
        secrets.ShouldNotContain("'nats://");
    }

    /// <summary>Runs the hook with a script in place of azd, and returns the decoded values that the hook sets.</summary>
    private static async Task<Dictionary<string, string>> RunHookAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("cloudticks-hook-");
        try
        {
            var azd = Path.Combine(folder.FullName, "azd");
            await File.WriteAllTextAsync(
                azd, "#!/bin/sh\necho \"$3 $4\" >> \"$(dirname \"$0\")/set\"\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(azd, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var startInfo = new ProcessStartInfo(Repository.PathOf("infra/hooks/before-provision.sh"));
            startInfo.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
            foreach (var (name, value) in environment)
            {
                startInfo.Environment[name] = value;
            }

            using var hook = Process.Start(startInfo)!;
            await hook.WaitForExitAsync(TestContext.Current.CancellationToken);
            hook.ExitCode.ShouldBe(0);
            var settingsFile = Path.Combine(folder.FullName, "set");
            return File.Exists(settingsFile)
                ? File.ReadAllLines(settingsFile).Select(line => line.Split(' '))
                    .ToDictionary(parts => parts[0], parts => Encoding.ASCII.GetString(Convert.FromBase64String(parts[1])))
                : [];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"var nodes = \[(.*)\]")]
    private static partial Regex NodeNames();

    [GeneratedRegex(@"&name=([a-z-]+)'")]
    private static partial Regex ServerName();
}
