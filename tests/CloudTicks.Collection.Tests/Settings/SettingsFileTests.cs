using CloudTicks.CentralHub.Settings;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConfigurationManager _configuration = new();
    private ServiceProvider? _services;

    private string File => Path.Combine(_folder.Path, "settings.json");

    [Fact]
    public void List_in_file_replaces_longer_list()
    {
        Write("""{"Collector":{"Symbols":["EURUSD","XAUUSD"]}}""");

        var options = Options(Enumerable.Range(0, 14).Select(index => ($"Collector:Symbols:{index}", $"S{index}")));

        options.CurrentValue.Symbols.ShouldBe(["EURUSD", "XAUUSD"]);
    }

    [Fact]
    public async Task Changed_file_changes_options()
    {
        Write("""{"Collector":{"Symbols":["EURUSD"]}}""");
        var options = Options([]);
        var changed = new TaskCompletionSource<CollectorOptions>();
        using var subscription = options.OnChange(current => changed.TrySetResult(current));

        Write("""{"Collector":{"Symbols":["GBPUSD","EURAUD"]}}""");

        (await changed.Task.WaitAsync(TestContext.Current.CancellationToken)).Symbols.ShouldBe(["GBPUSD", "EURAUD"]);
    }

    [Theory]
    [InlineData("""{"Collector":{"Symbols":["GBP""", "is not JSON, line 1")]
    [InlineData("""{"Collector":{"Symbols":["EUR USD"]}}""", "'EUR USD'")]
    [InlineData("""{"Collector":{"Simbols":["GBPUSD"]}}""", "Simbols")]
    [InlineData("""{"Collector":{"BatchInterval":"-1"}}""", "BatchInterval")]
    public async Task Invalid_change_keeps_options_and_is_reported(string content, string problem)
    {
        Write("""{"Collector":{"Symbols":["EURUSD"]}}""");
        var options = Options([]);
        var refused = _services!.GetRequiredService<RefusedSettings>();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));

        Write(content);

        while (refused.Count == 0)
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        options.CurrentValue.Symbols.ShouldBe(["EURUSD"]);
        refused.Messages.ShouldHaveSingleItem().ShouldContain(problem);
        refused.Count.ShouldBe(1);
    }

    [Fact]
    public void Missing_file_fails_with_message() =>
        Should.Throw<FormatException>(() => Options([])).Message.ShouldContain(File);

    public void Dispose()
    {
        _services?.Dispose();
        _configuration.Dispose();
        _folder.Dispose();
    }

    /// <summary>Replaces the file atomically, as a careful editor does.</summary>
    private void Write(string content)
    {
        System.IO.File.WriteAllText(File + ".new", content);
        System.IO.File.Move(File + ".new", File, overwrite: true);
    }

    private IOptionsMonitor<CollectorOptions> Options(IEnumerable<(string Key, string Value)> lowerSettings)
    {
        _configuration.AddInMemoryCollection(
        [
            new("POLYGON_API_KEY", "key"), new("ConnectionStrings:eventhubs", "127.0.0.1:1"), new("settings", File),
            .. lowerSettings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]);
        _configuration.AddSettingsFile(TimeProvider.System);
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(_configuration).AddCollection(_configuration)
            .BuildServiceProvider();
        return _services.GetRequiredService<IOptionsMonitor<CollectorOptions>>();
    }
}
