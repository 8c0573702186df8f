using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Tests.Configuring;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Completing;

/// <summary>The completions that the program offers for a line; <see cref="CompletionTests"/> tests them in shells.</summary>
public sealed class CompletedNamesTests : IDisposable
{
    private const string UnreachableHub = "127.0.0.1:1";

    private readonly TemporaryFolder _data = new();

    public CompletedNamesTests() => Environment.SetEnvironmentVariable("CLOUDTICKS_COMPLETION_TIME", "1m");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Names_come_from_the_hub()
    {
        await using var hub = await HubAsync();

        OfferedNames($"symbols remove --hub {hub.Address} EURU").ShouldBe(["EURUSD"]);
        OfferedNames($"symbols remove --hub {hub.Address} EURUSD,GBPU").ShouldBe(["EURUSD,GBPUSD"]);
        OfferedNames($"symbols remove --hub {hub.Address} AAP").ShouldBeEmpty();
        OfferedNames($"symbols add --hub {hub.Address} AAP").ShouldBe(["AAPL"]);
        OfferedNames($"symbols add --hub {hub.Address} EURU").ShouldBeEmpty();
        OfferedNames($"config get --hub {hub.Address} mai").ShouldBe(["mailer"]);
        OfferedNames($"config set --hub {hub.Address} mailer let").ShouldBe(["letters"]);
        OfferedNames($"config set --hub {hub.Address} mailer sen").ShouldBe(["sender"]);
        OfferedNames($"config set --hub {hub.Address} rate").ShouldBe(["rate_limit_per_second"]);
        OfferedNames($"config set --hub {hub.Address} feed=").ShouldBe(["feed=both", "feed=quotes", "feed=trades"], ignoreOrder: true);
        OfferedNames($"config set --hub {hub.Address} symbols=EURUSD,XAUU").ShouldBe(["symbols=EURUSD,XAUUSD"]);
        OfferedNames($"config set --hub {hub.Address} lists=nas").ShouldBe(["lists=nasdaq-100"]);
        OfferedNames($"services show --hub {hub.Address} ").ShouldContain("mailer");
        OfferedNames($"services show --hub {hub.Address} ").ShouldNotContain("polygon-live-collector");
        OfferedNames($"rollout set --hub {hub.Address} nas").ShouldBe(["nasdaq"]);
        OfferedNames($"rollout set --hub {hub.Address} --service mailer ni").ShouldBe(["night"]);
    }

    [Theory]
    [InlineData("stream --data {0} --types nas", "nasdaq-100")]
    [InlineData("stream --data {0} --symbols AAP", "AAPL")]
    [InlineData("stream --data {0} --feed q", "quotes")]
    [InlineData("verify --data {0} --check reco", "reconcile")]
    [InlineData("watch --data {0} --symbols GBPU", "GBPUSD")]
    [InlineData("watch --data {0} --symbols EURUSD GBPU", "GBPUSD")]
    [InlineData("tail --data {0} GBPU", "GBPUSD")]
    [InlineData("backfill --data {0} --symbol GBPU", "GBPUSD")]
    [InlineData("export --data {0} --format csv --symbols GBPU", "GBPUSD")]
    [InlineData("logs --data {0} func", "functions")]
    public void Values_of_options_and_arguments_are_offered(string line, string name)
    {
        WriteDocument("polygon-live-collector", """{"operational":{"symbols":["EURUSD","GBPUSD"]}}""");

        OfferedNames(string.Format(CultureInfo.InvariantCulture, line, _data.Path)).ShouldBe([name]);
    }

    [Fact]
    public void Names_come_from_the_last_good_documents_without_a_hub()
    {
        WriteDocument("mailer", """{"letters":50}""");
        WriteDocument("polygon-live-collector", """{"operational":{"symbols":["NEWPAIR","BTC-USD"]}}""");

        AssertCachedNames(UnreachableHub);
    }

    [Fact]
    public void Last_good_documents_replace_a_silent_hub()
    {
        WriteDocument("mailer", """{"letters":50}""");
        WriteDocument("polygon-live-collector", """{"operational":{"symbols":["NEWPAIR","BTC-USD"]}}""");
        Environment.SetEnvironmentVariable("CLOUDTICKS_COMPLETION_TIME", null);
        using var silentHub = new TcpListener(IPAddress.Loopback, 0);
        silentHub.Start();

        AssertCachedNames(silentHub.LocalEndpoint.ToString()!);
    }

    [Fact]
    public void Damaged_document_on_disk_is_ignored()
    {
        WriteDocument("polygon-live-collector", """{"operational":{"symbols":["NEWPAIR"]}}""");
        var file = Directory.EnumerateFiles(_data.Path, "*.document", SearchOption.AllDirectories).Single();
        File.WriteAllText(file, File.ReadAllText(file).Replace("NEWPAIR", "OLDPAIR", StringComparison.Ordinal));

        OfferedNames($"symbols remove --data {_data.Path} --hub {UnreachableHub} OLDP").ShouldBeEmpty();
        OfferedNames($"symbols remove --data {_data.Path} --hub {UnreachableHub} EURU").ShouldBe(["EURUSD"]);
    }

    [Theory]
    [InlineData("$(touch x)")]
    [InlineData("a`touch x`")]
    [InlineData("a;b")]
    [InlineData("a b")]
    [InlineData("a\u001b[2J")]
    public async Task Name_unsafe_in_a_shell_or_terminal_is_not_offered(string name)
    {
        await using var hub = await HubAsync();
        hub.Registered[name] = [];
        hub.Patch(JsonSerializer.Serialize(new
        {
            operational = new { symbols = new[] { name } },
            feature_management = new { feature_flags = new[] { new { id = name } } },
        }));

        foreach (var command in (string[])["symbols remove", "config get", "rollout set", "services show"])
        {
            OfferedNames($"{command} --hub {hub.Address} ").ShouldNotContain(offered => offered.Contains(name, StringComparison.Ordinal));
        }
    }

    private static async Task<ScriptedHub> HubAsync()
    {
        var hub = await ScriptedHub.StartAsync();
        hub.Registered["mailer"] = JsonNode.Parse(
            """{"letters":50,"operational":{"sender":"anna"},"feature_management":{"feature_flags":[{"id":"night"}]}}""")!.AsObject();
        hub.Patch("""{"feature_management":{"feature_flags":[{"id":"nasdaq"}]}}""");
        return hub;
    }

    /// <summary>The completions of a line, as <c>[suggest:N] LINE</c> prints them.</summary>
    private static string[] OfferedNames(string line)
    {
        var text = $"cloudticks {line}";
        var items = CloudTicksCommand.Create().Parse(text).GetCompletions(text.Length).Select(item => item.Label).ToArray();
        var word = text[(text.LastIndexOf(' ') + 1)..];
        return [.. items.Where(item => item.StartsWith(word, StringComparison.Ordinal))];
    }

    private void AssertCachedNames(string hub)
    {
        OfferedNames($"symbols remove --data {_data.Path} --hub {hub} NEW").ShouldBe(["NEWPAIR"]);
        OfferedNames($"config get --data {_data.Path} --hub {hub} mai").ShouldBe(["mailer"]);
        OfferedNames($"config set --data {_data.Path} --hub {hub} mailer let").ShouldBe(["letters"]);
    }

    /// <summary>Writes a process's copy of its document into the folder of a system that has stopped.</summary>
    private void WriteDocument(string service, string document)
    {
        var folder = Directory.CreateDirectory(_data.File("simulated/central-hub")).FullName;
        File.WriteAllText(Path.Combine(folder, "..", "lock"), "");
        var content = JsonSerializer.SerializeToUtf8Bytes(new { version = 3, tag = "\"3-x\"", document });
        var header = $"CloudTicks document 1 sha256={Convert.ToHexStringLower(SHA256.HashData(content))}\n";
        File.WriteAllBytes(Path.Combine(folder, $"{service}-12345678.document"), [.. Encoding.UTF8.GetBytes(header), .. content]);
    }
}
