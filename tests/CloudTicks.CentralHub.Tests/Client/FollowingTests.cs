using System.Text.Json;
using CloudTicks.CentralHub.Client;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.CentralHub.Tests.Client;

public sealed class FollowingTests : IDisposable
{
    private const string Four = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";
    private const string Two = """{"operational":{"symbols":["EURUSD","AAPL"]}}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_symbols_of_the_hub_over_fourteen_below_are_four_from_the_first_look_on()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);

        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        service.Symbols.ShouldBe(["EURUSD", "XAUUSD", "GBPUSD", "EURAUD"]);
    }

    [Fact]
    public async Task Change_comes_to_all_options()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        await hub.RequestAsync(request => request.IsPoll, Cancelled);

        hub.Set(2, Two);

        // The options change first, then it is said that the version is in force.
        await service.UntilAsync(() => service.State.InForce?.Version == 2);
        service.Symbols.Count.ShouldBe(2);
        service.SecondSymbols.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Defaults_that_nobody_has_decided_change_nothing()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(0, Four);

        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        service.Symbols.Count.ShouldBe(14);
        (await service.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Hub_that_comes_after_the_start_is_picked_up()
    {
        var port = FreePort.Choose();
        await using var service = await FollowingService.StartAsync($"http://127.0.0.1:{port}", _folder);
        service.Symbols.Count.ShouldBe(14);

        await using var hub = ScriptedHub.Start(port);
        hub.Set(3, Two);

        await service.UntilAsync(() => service.Symbols.Count == 2, service.Time);
    }

    [Fact]
    public async Task Last_good_document_is_in_force_from_the_start_when_the_hub_is_away()
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(7, Four);
            await using var first = await FollowingService.StartAsync(address, _folder);
        }

        await using var second = await FollowingService.StartAsync(address, _folder);

        second.Symbols.Count.ShouldBe(4);
        second.State.InForceText.ShouldContain("Version 7, kept on disk");
    }

    [Fact]
    public async Task What_another_hub_said_is_not_taken_from_disk()
    {
        await using (var hub = ScriptedHub.Start())
        {
            hub.Set(7, Four);
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
    public async Task Damaged_file_is_left_out(string damage)
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(7, Four);
            await using var first = await FollowingService.StartAsync(address, _folder);
        }

        var file = Directory.EnumerateFiles(_folder.Path).ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[^20] ^= damage == "flipped" ? (byte)1 : (byte)0;
        await File.WriteAllBytesAsync(
            file, damage switch { "cut" => bytes[..^9], "empty" => [], "other" => "{}\n{}"u8.ToArray(), _ => bytes }, Cancelled);

        await using var second = await FollowingService.StartAsync(address, _folder);

        second.Symbols.Count.ShouldBe(14);
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_to_keeps_nobody_from_following()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        _folder.Write("file", "");
        using var folder = new TemporaryFolder();

        await using var service = await FollowingService.StartAsync(
            hub.Address, folder, configure: services =>
            {
                var place = services.Select(service => service.ImplementationInstance).OfType<HubPlace>().Single();
                services.AddSingleton(place with { Folder = _folder.File("file/below") });
            });

        service.Symbols.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Document_that_one_part_cannot_use_changes_no_part_and_is_told()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        // The second options cannot use BBB; the first, which could, must not have seen it.
        hub.Set(2, """{"operational":{"symbols":["BBB","EURUSD"]}}""");
        HubRequest? report = null;
        await service.UntilAsync(
            () => (report = hub.Requests.FirstOrDefault(
                request => request.IsReport && request.Body.Contains("refused", StringComparison.Ordinal))) is not null,
            service.Time);

        service.Symbols.Count.ShouldBe(4);
        service.SecondSymbols.Count.ShouldBe(4);
        using var told = JsonDocument.Parse(report!.Body);
        told.RootElement.GetProperty("version").GetInt32().ShouldBe(1);
        told.RootElement.GetProperty("problem").GetString()!.ShouldContain("cannot use BBB");
        var health = await service.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain("Version 2");
        health.Description!.ShouldContain("Version 1 stays in force");

        hub.Set(3, Two);
        await service.UntilAsync(() => service.State.InForce?.Version == 3, service.Time);
        service.SecondSymbols.Count.ShouldBe(2);
        (await service.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Document_on_disk_that_the_program_cannot_use_does_not_keep_it_from_starting()
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
                .Validate(options => options.List.Count > 1, "One is none."));

        second.Symbols.Count.ShouldBe(14);
        second.State.Problem!.ShouldContain("One is none.");
    }

    [Theory]
    [InlineData("""{"operational":5}""")]
    [InlineData("""{"operational":{"symbols":{"a":1}}}""")]
    [InlineData("""{"operational":{"symbols":[{"a":[1]},null]}}""")]
    [InlineData("[]")]
    public async Task Document_of_another_shape_ends_nothing(string json)
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        var before = hub.Requests.Count;

        hub.Set(2, json);
        await service.UntilAsync(() => hub.Requests.Skip(before + 1).Any(request => !request.IsReport), service.Time);
        hub.Set(3, Two);

        await service.UntilAsync(() => service.Symbols.Count == 2, service.Time);
    }

    [Fact]
    public async Task Listener_that_fails_gets_back_what_it_had_and_so_do_all()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder);
        using var failing =
            service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<FollowingService.SecondOptions>>()
            .OnChange((options, _) => { if (options.List.Contains("AAPL")) throw new InvalidOperationException("It cannot do AAPL."); });

        hub.Set(2, Two);

        await service.UntilAsync(() => service.State.Problem is not null);
        service.Symbols.Count.ShouldBe(4);
        service.State.Problem!.ShouldContain("It cannot do AAPL.");
    }

    [Fact]
    public async Task Without_an_endpoint_there_is_no_hub()
    {
        await using var service = await FollowingService.StartAsync(null, _folder);

        service.Symbols.Count.ShouldBe(14);
        service.Services.GetService<HubFollowing>().ShouldBeNull();
    }

    [Theory]
    [InlineData("http://hub.example.com:7000", "https")]
    [InlineData("ftp://127.0.0.1", "CLOUDTICKS_HUB_KEY")]
    [InlineData("http://writer:secret@127.0.0.1:7000", "CLOUDTICKS_HUB_KEY")]
    public async Task Endpoint_where_a_key_would_travel_in_clear_is_refused(string endpoint, string told)
    {
        var refusal = await Should.ThrowAsync<FormatException>(() => FollowingService.StartAsync(endpoint, _folder));

        refusal.Message.ShouldContain(told);
        refusal.Message.ShouldNotContain("secret");
    }

    public void Dispose() => _folder.Dispose();
}
