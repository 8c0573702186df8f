using CloudTicks.Cli.Tests.Configuring;
using CloudTicks.Cli.Verifying;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Cli.Tests.Places;

/// <summary>Tests which system a command uses when several are running, or none.</summary>
public sealed class SystemChoiceTests : IDisposable
{
    private const string AddCommand = "symbols add EURAUD";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public SystemChoiceTests() => Directory.CreateDirectory(_folder.File("here"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Monitors_of_NATS_are_guessed_unless_named()
    {
        await using var system = new FakeSystem(_folder.File("data"));
        var line = $"verify --data {_folder.File("data")} --nats 127.0.0.1:4222";

        using var guessed = VerifyTargets.Of(CloudTicksCommand.Create().Parse(line), TimeProvider.System);
        using var named = VerifyTargets.Of(CloudTicksCommand.Create().Parse($"{line} --nats-monitor 127.0.0.1:8223"), TimeProvider.System);

        guessed.OperatedSystem.NatsMonitors.ShouldHaveSingleItem().Port.ShouldBe(8222);
        named.OperatedSystem.NatsMonitors.ShouldHaveSingleItem().Port.ShouldBe(8223);
    }

    [Theory]
    [InlineData(AddCommand)]
    [InlineData("keys create anna --role reader")]
    [InlineData("backfill --symbol EURUSD --from 2026-11-20 --to 2026-11-21")]
    [InlineData("replay --to-nats")]
    public async Task Changing_command_is_refused_while_two_feeds_run(string command)
    {
        await using var simulated = new FakeSystem(_folder.File("here/.cloudticks"));
        await using var real = new FakeSystem(_folder.File("here/.cloudticks"), "polygon");
        var connections = 0;
        simulated.Connected = real.Connected = _ => Interlocked.Increment(ref connections);

        var (code, output, errors) = await RunAsync(command);

        (code, output, connections).ShouldBe((2, "", 0), errors);
        errors.ShouldStartWith("2 systems are running, and this command changes one. Choose:");
        errors.ShouldContain($"--data {simulated.Folder}   (simulated, data folder {simulated.Folder}, started 2026-11-20T06:30Z)");
        errors.ShouldContain($"--data {real.Folder}   (polygon, ");
    }

    [Fact]
    public async Task Data_folder_of_one_feed_selects_that_feed()
    {
        await using var simulated = new FakeSystem(_folder.File("here/.cloudticks"));
        await using var real = new FakeSystem(_folder.File("here/.cloudticks"), "polygon");

        (await ConnectAsync(real, $"{AddCommand} --data {real.Folder}")).ShouldStartWith($"System: polygon, data folder {real.Folder}");
    }

    [Fact]
    public async Task Stream_uses_the_system_of_its_feed()
    {
        await using var real = new FakeSystem(_folder.File("here/.cloudticks"), "polygon");
        var refused = await RunAsync("stream --symbols EURUSD");

        // The endpoint is on this machine, so its feed counts as simulated.
        refused.Code.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain("Ticks of the simulated feed must not enter a system of another feed (polygon, ");

        await using var simulated = new FakeSystem(_folder.File("here/.cloudticks"));
        (await ConnectAsync(simulated, "stream --symbols EURUSD")).ShouldStartWith($"System: simulated, data folder {simulated.Folder}");
    }

    [Fact]
    public async Task Reading_command_uses_and_reports_the_newest_system()
    {
        await using var simulated = new FakeSystem(_folder.File("here/.cloudticks"));
        await using var real = new FakeSystem(_folder.File("here/.cloudticks"), "polygon");
        File.SetLastWriteTimeUtc(Path.Combine(simulated.Folder, "services.json"), DateTime.UnixEpoch);

        (await ConnectAsync(real, "symbols list")).ShouldStartWith(
            "2 systems are running; the one started last is used. To use another, add one of:");
    }

    [Fact]
    public async Task Variable_overrides_the_AppHost_of_this_folder()
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"));
        await using var hub = await ScriptedHub.StartAsync();

        var (code, _, errors) = await RunAsync(AddCommand, ("CLOUDTICKS_HUB", hub.Address));

        code.ShouldBe(0, errors);
        errors.ShouldBe(
            $"System: hub {hub.Address} (CLOUDTICKS_HUB).\n"
            + $"The AppHost of this folder is not affected: simulated, data folder {system.Folder}, started 2026-11-20T06:30Z.\n");
        hub.Newest.ShouldBe(1);
        (await RunAsync("symbols list", ("CLOUDTICKS_HUB", hub.Address))).Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Conflicting_variable_and_data_option_change_no_system()
    {
        await using var system = new FakeSystem(_folder.File("there"));
        await using var hub = await ScriptedHub.StartAsync();

        var (code, _, errors) = await RunAsync($"{AddCommand} --data {_folder.File("there")}", ("CLOUDTICKS_HUB", hub.Address));

        (code, hub.Newest).ShouldBe((2, 0), errors);
        errors.ShouldContain($"CLOUDTICKS_HUB names {hub.Address}, and --data names the system simulated, data folder {system.Folder}");
    }

    [Theory]
    [InlineData("backfill --symbol EURUSD --from 2026-11-20 --to 2026-11-21", "--collector")]
    [InlineData("config explain", "--collector")]
    [InlineData("verify --check connection", "--collector")]
    public async Task Collector_of_another_hub_must_be_named(string command, string option)
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"));
        var connections = 0;
        system.Connected = _ => Interlocked.Increment(ref connections);

        var (code, _, errors) = await RunAsync(command, ("CLOUDTICKS_HUB", "https://hub.invalid:7000"), ("CLOUDTICKS_HUB_KEY", "canary"));

        (code, connections).ShouldBe((2, 0), errors);
        errors.ShouldContain(
            $"CLOUDTICKS_HUB names the hub hub.invalid:7000, and the collector of that system is not known: name it with "
                + $"{option}.");
    }

    [Fact]
    public async Task Named_event_hub_is_not_mixed_with_NATS_of_AppHost()
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"));

        var (code, _, errors) = await RunAsync("replay --to-nats", ("ConnectionStrings__eventhubs", "127.0.0.1:9"));

        code.ShouldBe(2, errors);
        errors.ShouldContain("also set ConnectionStrings__nats");
    }

    [Theory]
    [InlineData(AddCommand, "The AppHost of this folder (")]
    [InlineData(AddCommand + " --data .cloudticks", "No AppHost is running in ")]
    [InlineData("symbols list --data .cloudticks", "No AppHost is running in ")]
    [InlineData("tail EURUSD --data nowhere", "No AppHost is running in ")]
    public async Task Note_of_a_killed_AppHost_is_ignored(string command, string sentence)
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"));
        system.Kill();

        var (code, _, errors) = await RunAsync(command);

        code.ShouldBe(2, errors);
        errors.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task Command_to_a_starting_AppHost_is_refused()
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"), isUp: false);

        var (code, _, errors) = await RunAsync("symbols list");

        code.ShouldBe(2, errors);
        errors.ShouldStartWith($"The AppHost of {system.Folder} is starting or stopping");
    }

    [Fact]
    public async Task Note_with_a_remote_address_is_rejected()
    {
        await using var system = new FakeSystem(_folder.File("here/.cloudticks"), isUp: false);
        await File.WriteAllTextAsync(
            Path.Combine(system.Folder, "services.json"),
            """{"feed":"simulated","collectors":["https://attacker.invalid/"],"hub":"https://attacker.invalid/"}""", Cancellation);

        (await RunAsync("keys list", ("CLOUDTICKS_HUB_KEY", "canary"))).Errors.ShouldStartWith("The AppHost of ");
    }

    [Fact]
    public async Task Single_AppHost_elsewhere_is_used_but_two_are_refused()
    {
        await using var one = new FakeSystem(_folder.File("one"));
        Register(one);
        (await ConnectAsync(one, AddCommand)).ShouldStartWith(
            $"System: simulated, data folder {one.Folder}, started 2026-11-20T06:30Z (an AppHost that is running in another folder): hub ");

        await using var other = new FakeSystem(_folder.File("other"));
        Register(other);
        var (code, _, errors) = await RunAsync(AddCommand);

        code.ShouldBe(2, errors);
        errors.ShouldContain($"--data {one.Folder} ");
        errors.ShouldContain($"--data {other.Folder} ");
    }

    [Fact]
    public async Task Named_hub_is_recognised_as_part_of_a_running_system()
    {
        await using var system = new FakeSystem(_folder.File("there"));
        Register(system);

        (await ConnectAsync(system, $"{AddCommand} --hub {system.AddressOf("hub")}")).ShouldStartWith(
            $"System: simulated, data folder {system.Folder}, started 2026-11-20T06:30Z: hub {system.AddressOf("hub")} (--hub).");
    }

    [Theory]
    [InlineData("watch --symbols EURUSD --count 1")]
    [InlineData("tail EURUSD")]
    public async Task Watch_and_tail_find_NATS_from_an_AppHost_port(string command)
    {
        await using var system = new FakeSystem(_folder.File("there"));
        Register(system);

        (await ConnectAsync(system, $"{command} --server {system.AddressOf("hub")}", "NATS")).ShouldNotContain("guess");
    }

    [Fact]
    public async Task Watch_reads_the_NATS_address_from_the_functions()
    {
        await using var system = new FakeSystem(_folder.File("there"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var functions = builder.Build();
        functions.MapGet("/api/v1/status", () => new { nats = (string[])[$"nats://127.0.0.1:{system.AddressOf("NATS").Split(':')[1]}"] });
        await functions.StartAsync(Cancellation);
        var address = new Uri(functions.Urls.Single()).Authority;

        await ConnectAsync(system, $"watch --symbols EURUSD --count 1 --server {address}", "NATS");
        await ConnectAsync(system, "watch --symbols EURUSD --count 1", "NATS", ("CLOUDTICKS_HUB", address));
    }

    /// <summary>Runs a command until it connects to a part of a system, and then kills the command.</summary>
    /// <returns>Its standard error.</returns>
    private async Task<string> ConnectAsync(
        FakeSystem system, string command, string? part = null, params (string Name, string Value)[] variables)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Connected = to =>
        {
            if (part is null || to == part)
            {
                connected.TrySetResult();
            }
        };
        using var program = CliProcess.StartIn(_folder.File("here"), Environment(variables), command.Split(' '));
        var ended = program.WaitAsync();
        await Task.WhenAny(connected.Task, ended);
        program.Kill();
        var errors = await program.Errors.ReadToEndAsync(Cancellation);
        connected.Task.IsCompleted.ShouldBeTrue(errors);
        return errors;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string command, params (string Name, string Value)[] variables) =>
        CliProcess.RunInAsync(_folder.File("here"), Environment(variables), command.Split(' '));

    private Dictionary<string, string?> Environment((string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string?>
        {
            ["XDG_STATE_HOME"] = _folder.File("state"),
            ["Polygon__Endpoint"] = "ws://127.0.0.1:9",
            ["POLYGON_API_KEY"] = "any",
        };
        string[] unset =
            ["CLOUDTICKS_HUB", "CLOUDTICKS_HUB_KEY", "ConnectionStrings__eventhubs", "ConnectionStrings__nats",
                "ConnectionStrings__timescale"];
        foreach (var name in unset)
        {
            environment[name] = null;
        }

        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>Adds a system to the user's state folder, as AppHost does.</summary>
    private void Register(FakeSystem system)
    {
        var systemsFolder = Directory.CreateDirectory(_folder.File("state/cloudticks/systems")).FullName;
        File.WriteAllText(Path.Combine(systemsFolder, Path.GetRandomFileName()), system.Folder);
    }
}
