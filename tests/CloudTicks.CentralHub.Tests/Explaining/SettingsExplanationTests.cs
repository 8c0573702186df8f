using System.Text;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Explaining;
using CloudTicks.CentralHub.Settings;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.CentralHub.Tests.Explaining;

public sealed class SettingsExplanationTests : IDisposable
{
    private readonly ConfigurationManager _configuration = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Overridden_values_are_listed_by_descending_priority()
    {
        _configuration.AddInMemoryCollection([new("Collector:Symbols:0", "USDJPY"), new("Collector:Symbols:1", "NZDUSD")]);
        _configuration.AddCommandLine(["--Collector:Symbols", "XAUUSD"]);
        _configuration["settings"] = _folder.Write("settings.json", """{"Collector":{"Symbols":["GBPUSD","EURAUD"]}}""");
        _configuration.AddSettingsFile(TimeProvider.System);
        SetHubSetting(7, new("Collector:Symbols", "EURUSD"));

        var symbols = Explain("Collector:Symbols");

        symbols.Value.ShouldBe("EURUSD");
        symbols.Source.ShouldBe("central hub, version 7");
        symbols.Overridden.ShouldBe(
        [
            new SourcedValue($"settings file {_folder.File("settings.json")}", "GBPUSD,EURAUD"), new SourcedValue("command line", "XAUUSD"),
            new SourcedValue("program", "USDJPY,NZDUSD"),
        ]);
    }

    [Fact]
    public void Setting_without_a_value_has_its_default()
    {
        var rate = Explain("Test:Rate");

        rate.Value.ShouldBe("5");
        rate.Source.ShouldBe("default");
        rate.Overridden.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POLYGON_API_KEY", "canary-secret")]
    [InlineData("CLOUDTICKS_HUB_KEY", "canary-secret")]
    [InlineData("ConnectionStrings:timescale", "Host=db;Username=ticks;canary-secret")]
    [InlineData("Polygon:Endpoint", "http://user:canary-secret@127.0.0.1")]
    [InlineData("Collector:DbServer", "Password=canary-secret")]
    [InlineData("EventHub:Users:0:Password", "canary-secret")]
    public void Secret_is_masked_in_every_setting(string name, string secret)
    {
        _configuration.AddInMemoryCollection([new(name, secret)]);
        // Overridden values must also be masked.
        _configuration.AddInMemoryCollection([new(name, secret + "2")]);

        var json = Encoding.UTF8.GetString(new SettingsResponse(Explanation(), null).ToJson("polygon-live-collector"));

        json.ShouldNotContain("canary-secret");
    }

    [Fact]
    public void Unrelated_environment_is_not_explained()
    {
        _configuration.AddInMemoryCollection([new("HOME", "/home/anna"), new("AWS_REGION", "somewhere")]);

        Explanation().Read().ShouldAllBe(setting => setting.Name.StartsWith("Test:", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _configuration.Dispose();
        _folder.Dispose();
    }

    private void SetHubSetting(int version, KeyValuePair<string, string?> setting)
    {
        var hub = new HubSettings { Version = version };
        ((IConfigurationBuilder)_configuration).Add(hub);
        hub.Apply(new Dictionary<string, string?>([setting]));
    }

    private ExplainedSetting Explain(string name) => Explanation().Read().Single(setting => setting.Name == name);

    private SettingsExplanation Explanation() => new(_configuration, [new OptionDefaults("Test", typeof(TestOptions))]);

    public sealed record TestOptions
    {
        public int Rate { get; init; } = 5;

        public string? Name { get; init; }
    }
}
