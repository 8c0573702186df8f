using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Places;

/// <summary>Runs every command while two AppHosts run: a command must connect only to the system that it addresses.</summary>
public sealed class TwoSystemsTests : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeSystem _one;
    private readonly FakeSystem _other;

    public TwoSystemsTests()
    {
        _one = new FakeSystem(_folder.File("one/.cloudticks"));
        _other = new FakeSystem(_folder.File("other/.cloudticks"));
    }

    public static TheoryData<string, string> ReadingCommands => new()
    {
        { "config get", "hub" },
        { "config diff", "hub" },
        { "config history", "hub" },
        { "config explain", "collector" },
        { "config explain tick-functions", "hub" },
        { "symbols list", "hub" },
        { "rollout list", "hub" },
        { "services list", "hub" },
        { "services show mailer", "hub" },
        { "retention show", "hub" },
        { "keys list", "hub" },
        { "keys self", "hub" },
        { "export --format csv", "event hub" },
        { "tail EURUSD", "NATS" },
        { "watch --symbols EURUSD --count 1", "NATS" },
        { "verify --check connection", "collector" },
        { "verify --check table", "database" },
    };

    public static TheoryData<string, string> ChangingCommands => new()
    {
        { "config set rate_limit_per_second=10", "hub" },
        { "config edit", "hub" },
        { "config rollback 3", "hub" },
        { "symbols add EURAUD", "hub" },
        { "symbols add EURAUD --dry-run --json", "hub" },
        { "symbols remove EURAUD", "hub" },
        { "rollout set nasdaq 25", "hub" },
        { "rollout pause nasdaq", "hub" },
        { "rollout resume nasdaq", "hub" },
        { "rollout rollback nasdaq", "hub" },
        { "services unregister mailer", "hub" },
        { "retention run", "hub" },
        { "keys create anna --role reader", "hub" },
        { "keys revoke 0123456789ab", "hub" },
        { "backfill --symbol EURUSD --from 2026-11-20 --to 2026-11-21", "collector" },
        { "replay --to-table --from 2026-11-20", "database" },
        { "replay --to-nats", "NATS" },
        { "replay --to-topic backtest", "event hub" },
        { "stream --symbols EURUSD", "event hub" },
    };

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Reading_commands_use_the_system_of_folder_or_data_option() => TryAllAsync(ReadingCommands, isChange: false);

    [Fact]
    public Task Changing_commands_name_their_system_first() => TryAllAsync(ChangingCommands, isChange: true);

    /// <summary>Tries all commands, two at a time, one for each system. In the long suite each is tried against both systems.</summary>
    private async Task TryAllAsync(TheoryData<string, string> commands, bool isChange)
    {
        (string Command, string Part)[] all = [.. commands.Select(row => row.Data)];
        for (var at = 0; at < all.Length; at += LongSuite.Choose(2, 1))
        {
            var (next, nextPart) = all[Math.Min(at + LongSuite.Choose(1, 0), all.Length - 1)];
            await Task.WhenAll(
                TryAsync(all[at].Command, all[at].Part, _one, isChange),
                TryAsync($"{next} --data {_folder.File("other/.cloudticks")}", nextPart, _other, isChange));
        }
    }

    /// <summary>Runs the command in the first system's folder until it connects to the given part of the given system.</summary>
    private async Task TryAsync(string command, string part, FakeSystem system, bool isChange)
    {
        // Only one command at a time runs against each system, so that the test can tell which command has connected.
        var connected = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        system.Connected = to =>
        {
            if (to == part)
            {
                connected.TrySetResult(to);
            }
        };
        using var program = CliProcess.StartIn(_folder.File("one"), Environment, command.Split(' '));
        var ended = program.WaitAsync();
        if (await Task.WhenAny(connected.Task, ended) != connected.Task)
        {
            Assert.Fail($"{command}: it has ended without a connection to the {part}: "
                + await program.Errors.ReadToEndAsync(Cancellation) + await program.Output.ReadToEndAsync(Cancellation));
        }

        program.Kill();

        var errors = await program.Errors.ReadToEndAsync(Cancellation);
        if (isChange)
        {
            errors.ShouldStartWith($"System: simulated, data folder {system.Folder}, started 2026-11-20T06:30Z", Case.Sensitive, command);
        }
        else
        {
            errors.ShouldNotContain("System:", Case.Sensitive, command);
        }

        (await program.Output.ReadToEndAsync(Cancellation)).ShouldNotContain("System:");
    }

    private Dictionary<string, string?> Environment => new()
    {
        ["XDG_STATE_HOME"] = _folder.Path,
        ["CLOUDTICKS_HUB"] = null,
        ["ConnectionStrings__eventhubs"] = null,
        ["ConnectionStrings__nats"] = null,
        ["ConnectionStrings__timescale"] = null,
        // No server listens at this address, so cloudticks stream keeps trying to connect.
        ["Polygon__Endpoint"] = "ws://127.0.0.1:9",
        ["POLYGON_API_KEY"] = "any",
    };
}
