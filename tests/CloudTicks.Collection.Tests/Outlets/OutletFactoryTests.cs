using System.Text.Json;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Storage;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Collection.Tests.Outlets;

public sealed class OutletFactoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public OutletFactoryTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Collector:DbServer", "127.0.0.1:9100")]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        _services = services.AddCollection(configuration).BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DbServer_outlet_needs_no_hub_and_keeps_rejected_elements()
    {
        var options = new CollectorOptions { DataFolder = _folder.File("data"), DbServer = "127.0.0.1:9100" };
        using var folder = DataFolder.Open(options);
        await using var outlet = await _services.GetRequiredService<OutletFactory>().OpenAsync(options, folder, Cancellation);

        await outlet.WriteDeadLetterAsync!("""{"ev":"Q","sym":"A B"}"""u8.ToArray(), "bad_symbol");
        await outlet.WriteDeadLetterAsync!(new byte[] { 0xFF, 0x00 }, "not_json");

        outlet.Name.ShouldBe("the server at 127.0.0.1:9100");
        outlet.Spool.ShouldNotBe("spool");
        var lines = (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "rejected.jsonl"), Cancellation))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("reason").GetString()).ShouldBe(["bad_symbol", "not_json"]);
        lines[0].GetProperty("element").GetString().ShouldBe("""{"ev":"Q","sym":"A B"}""");
        lines[1].GetProperty("element_base64").GetBytesFromBase64().ShouldBe(new byte[] { 0xFF, 0x00 });
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}
