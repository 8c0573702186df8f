using System.Text.Json;
using CloudTicks.CentralHub.Client;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.CentralHub.Tests.Client;

public sealed class FollowingTests : IDisposable
{
    private const string FourSymbols = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";
    private const string TwoSymbols = """{"operational":{"symbols":["EURUSD","AAPL"]}}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_of_the_hub_replaces_lists_of_lower_layers()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);

        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        service.Symbols.ShouldBe(["EURUSD", "XAUUSD", "GBPUSD", "EURAUD"]);
    }

    [Fact]
    public async Task Change_applies_to_all_options()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        await hub.RequestAsync(request => request.IsPoll, Cancellation);

        hub.Set(2, TwoSymbols);

        // The options change before the version is reported as in force.
        await service.UntilAsync(() => service.State.InForce?.Version == 2);
        service.Symbols.Count.ShouldBe(2);
        service.SecondSymbols.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Version_0_changes_nothing()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(0, FourSymbols);

        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        service.Symbols.Count.ShouldBe(14);
        (await service.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Hub_that_starts_later_is_followed()
    {
        var port = FreePort.Choose();
        await using var service = await FollowingService.StartAsync($"http://127.0.0.1:{port}", _folder);
        service.Symbols.Count.ShouldBe(14);

        await using var hub = ScriptedHub.Start(port);
        hub.Set(3, TwoSymbols);

        await service.UntilAsync(() => service.Symbols.Count == 2, service.Time);
    }

    [Fact]
    public async Task Document_on_disk_is_in_force_when_the_hub_is_unavailable()
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(7, FourSymbols);
            await using var first = await FollowingService.StartAsync(address, _folder);
        }

        await using var second = await FollowingService.StartAsync(address, _folder);

        second.Symbols.Count.ShouldBe(4);
        second.State.InForceText.ShouldContain("Version 7, stored on disk");
    }

    [Fact]
    public async Task Document_of_another_hub_on_disk_is_ignored()
    {
        await using (var hub = ScriptedHub.Start())
        {
            hub.Set(7, FourSymbols);
            await using var first = await FollowingService.StartAsync(hub.Address, _folder);
        }

        await using var second = await FollowingService.StartAsync($"127.0.0.1:{FreePort.Choose()}", _folder);

        second.Symbols.Count.ShouldBe(14);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("empty")]
    [InlineData("other")]
    public async Task Damaged_file_is_ignored(string damage)
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(7, FourSymbols);
            await using var first = await FollowingService.StartAsync(address, _folder);
        }

        var file = Directory.EnumerateFiles(_folder.Path).ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[^20] ^= damage == "flipped" ? (byte)1 : (byte)0;
        await File.WriteAllBytesAsync(
            file, damage switch { "cut" => bytes[..^9], "empty" => [], "other" => "{}\n{}"u8.ToArray(), _ => bytes }, Cancellation);

        await using var second = await FollowingService.StartAsync(address, _folder);

        second.Symbols.Count.ShouldBe(14);
    }

    [Fact]
    public async Task Folder_that_is_not_writable_does_not_stop_following()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);
        _folder.Write("file", "");
        using var folder = new TemporaryFolder();

        await using var service = await FollowingService.StartAsync(
            hub.Address, folder, configure: services =>
            {
                var followedHub = services.Select(service => service.ImplementationInstance).OfType<FollowedHub>().Single();
                services.AddSingleton(followedHub with { Folder = _folder.File("file/below") });
            });

        service.Symbols.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Document_refused_by_one_part_changes_no_part()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        // The second options type refuses BBB, so the first must not receive it either.
        hub.Set(2, """{"operational":{"symbols":["BBB","EURUSD"]}}""");
        HubRequest? report = null;
        await service.UntilAsync(
            () => (report = hub.Requests.FirstOrDefault(
                request => request.IsReport && request.Body.Contains("refused", StringComparison.Ordinal))) is not null,
            service.Time);

        service.Symbols.Count.ShouldBe(4);
        service.SecondSymbols.Count.ShouldBe(4);
        using var message = JsonDocument.Parse(report!.Body);
        message.RootElement.GetProperty("version").GetInt32().ShouldBe(1);
        message.RootElement.GetProperty("problem").GetString()!.ShouldContain("cannot use BBB");
        var health = await service.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain("Version 2");
        health.Description!.ShouldContain("Version 1 remains in use");

        hub.Set(3, TwoSymbols);
        await service.UntilAsync(() => service.State.InForce?.Version == 3, service.Time);
        service.SecondSymbols.Count.ShouldBe(2);
        (await service.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Refused_document_on_disk_does_not_prevent_the_start()
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(7, """{"operational":{"symbols":["EURUSD"]}}""");
            await using var first = await FollowingService.StartAsync(address, _folder);
        }

        await using var second = await FollowingService.StartAsync(
            address, _folder, configure: services => services.AddOptions<FollowingService.FirstOptions>()
                .Validate(options => options.List.Count > 1, "One symbol is too few."));

        second.Symbols.Count.ShouldBe(14);
        second.State.Problem!.ShouldContain("One symbol is too few.");
    }

    [Theory]
    [InlineData("""{"operational":5}""")]
    [InlineData("""{"operational":{"symbols":{"a":1}}}""")]
    [InlineData("""{"operational":{"symbols":[{"a":[1]},null]}}""")]
    [InlineData("[]")]
    public async Task Malformed_document_does_not_stop_following(string json)
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        var requestsBefore = hub.Requests.Count;

        hub.Set(2, json);
        await service.UntilAsync(() => hub.Requests.Skip(requestsBefore + 1).Any(request => !request.IsReport), service.Time);
        hub.Set(3, TwoSymbols);

        await service.UntilAsync(() => service.Symbols.Count == 2, service.Time);
    }

    [Fact]
    public async Task Failing_listener_rolls_back_all_options()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, FourSymbols);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        using var failingListener =
            service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<FollowingService.SecondOptions>>()
            .OnChange((options, _) => { if (options.List.Contains("AAPL")) throw new InvalidOperationException("It cannot do AAPL."); });

        hub.Set(2, TwoSymbols);

        await service.UntilAsync(() => service.State.Problem is not null);
        service.Symbols.Count.ShouldBe(4);
        service.State.Problem!.ShouldContain("It cannot do AAPL.");
    }

    [Fact]
    public async Task Service_without_endpoint_follows_no_hub()
    {
        await using var service = await FollowingService.StartAsync(null, _folder);

        service.Symbols.Count.ShouldBe(14);
        service.Services.GetService<HubFollowerService>().ShouldBeNull();
    }

    [Theory]
    [InlineData("http://hub.example.com:7000", "https")]
    [InlineData("ftp://127.0.0.1", "CLOUDTICKS_HUB_KEY")]
    [InlineData("http://writer:secret@127.0.0.1:7000", "CLOUDTICKS_HUB_KEY")]
    public async Task Unencrypted_or_invalid_endpoint_is_refused(string endpoint, string message)
    {
        var refusal = await Should.ThrowAsync<FormatException>(() => FollowingService.StartAsync(endpoint, _folder));

        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldNotContain("secret");
    }

    public void Dispose() => _folder.Dispose();
}
