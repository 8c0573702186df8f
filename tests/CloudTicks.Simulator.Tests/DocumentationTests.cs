using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudTicks.Simulator.FaultRequests;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Tests;

/// <summary>Checks that docs/simulator.md names every fault, parameter and setting, and that its addresses respond.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "simulator.md"));

    [Fact]
    public void Every_fault_and_parameter_is_documented()
    {
        var requests = Requests().Matches(Text).Select(match => FaultReader.Read(JsonNode.Parse(match.Groups[1].Value))).ToList();

        requests.Select(fault => fault.Kind.Name).Distinct().ShouldBe(FaultCatalog.Kinds.Keys, ignoreOrder: true);
        foreach (var parameter in FaultCatalog.Kinds.Values.SelectMany(kind => kind.Parameters).Select(parameter => parameter.Name)
            .Distinct())
            Text.ShouldContain($"\"{parameter}\":");
    }

    [Fact]
    public void Every_setting_is_documented() =>
        typeof(SimulatorOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
            .ShouldBe(Settings().Matches(Text).Select(match => match.Groups[1].Value), ignoreOrder: true);

    [Fact]
    public async Task Every_documented_address_responds()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        foreach (var address in Addresses().Matches(Text).Select(match => match.Groups[1].Value).Distinct())
        {
            using var response = await simulator.GetAsync(address);
            response.IsSuccessStatusCode.ShouldBeTrue(address);
            JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Dispose();
        }
    }

    [GeneratedRegex("curl -d '([^']+)'")]
    private static partial Regex Requests();

    [GeneratedRegex(@"^\| `([A-Z]\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Settings();

    [GeneratedRegex(@"curl '?http://127\.0\.0\.1:8100([^'\s]+)")]
    private static partial Regex Addresses();
}
