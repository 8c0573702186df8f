using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.Messaging.Nats;
using CloudTicks.Verification.Checklist;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>A system whose collector and central hub return responses that a test sets. Its other addresses have no servers.</summary>
internal sealed class ScriptedSystem : IAsyncDisposable
{
    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly List<IDisposable> _clients = [];

    private ScriptedSystem(ScriptedService collector, ScriptedService hub) => (Collector, Hub) = (collector, hub);

    public ScriptedService Collector { get; }

    public ScriptedService Hub { get; }

    public static async Task<ScriptedSystem> StartAsync() => new(await ScriptedService.StartAsync(), await ScriptedService.StartAsync());

    /// <summary>A status of a collector whose one connection by default has been up for two hours.</summary>
    public static string Status(
        string state = "open", long? sinceMs = null, int outages = 0, string missing = "", int? limit = null, long violations = 0,
        long? violatedMs = null, string stale = "",
        string symbols = "", long? firstTickMs = null) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        {"feed":"simulated","connected":{"forex":{{(state == "open" ? "true" : "false")}} },"refused":{},"outages":{"forex":{"count":{{outages}},"ms":{{outages * 900}} } },
        "connections":{"forex":{"connections":[{"slot":0,"state":"{{state}}","since_ms":{{sinceMs ?? NowMs - 7_200_000}},"wanted":2,"acknowledged":2,"last_message_age_ms":5}],
        "missing":[{{missing}}],"refused":{},"left_out":[],"learnt_limit":{{limit?.ToString(CultureInfo.InvariantCulture) ?? "null"}} } },
        "stale":[{{stale}}],"hub_away_ms":null,"spool":null,"rate_limit":{"violations":{{violations}},"last_ms":{{violatedMs?.ToString(CultureInfo.InvariantCulture) ?? "null"}} },
        "received":10,"in_flight":0,"symbols":{ {{symbols}} },"first_tick_ms":{{firstTickMs?.ToString(CultureInfo.InvariantCulture) ?? "null"}} }
        """);

    /// <summary>A channel in the collector's status.</summary>
    public static string Channel(string symbol, long? ageMs, string phase = "regular", long wantedForMs = 7_200_000, double? pauseMs = 100,
        long phaseForMs = 7_200_000, long? wantedSinceMs = null) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        {"symbol":"{{symbol}}","market":"forex","kind":"quote","channel":"C.{{symbol[..3]}}/{{symbol[3..]}}","phase":"{{phase}}","phase_since_ms":{{NowMs - phaseForMs}},
        "wanted_since_ms":{{wantedSinceMs ?? NowMs - wantedForMs}},"covered_since_ms":{{wantedSinceMs ?? NowMs - wantedForMs}},"last_tick_age_ms":{{ageMs?.ToString(CultureInfo.InvariantCulture) ?? "null"}},
        "usual_pause_ms":{{pauseMs?.ToString(CultureInfo.InvariantCulture) ?? "null"}} }
        """);

    /// <summary>The central hub's list of one service, whose process by default has just reported.</summary>
    public static string Services(int newest = 3, int followed = 3, string problem = "null", long reportedMsAgo = 0) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        {"services":[{"service":"polygon-live-collector","version":{{newest}},"instances":[{"instance":"host-1","version":{{followed}},"state":"following","problem":{{problem}},
        "reported_ms":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - reportedMsAgo}} }]}]}
        """);

    /// <summary>Runs a check once.</summary>
    public async Task<Finding> CheckAsync(
        string check, bool followsHub = true, string nats = "nats://127.0.0.1:1", TimeSpan? timeout = null, TimeProvider? time = null)
    {
        var system = new OperatedSystem
        {
            Collectors = [DisposeWithTest(Collector.CreateClient("collector"))],
            Hub = DisposeWithTest(Hub.CreateClient("hub")),
            Stream = EventStreamConnection.Parse("127.0.0.1:1"),
            Nats = NatsConnectionSettings.Parse(nats),
            Time = TimeProvider.System,
            FollowsHub = followsHub,
        };
        var options = new VerificationOptions { Checks = [check], MaxWait = timeout ?? TimeSpan.FromMilliseconds(50) };
        var lines = new OperatorChecklist(system, options, time ?? TimeProvider.System).Begin(TestContext.Current.CancellationToken);
        return (await lines.ShouldHaveSingleItem()).Finding;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Collector.DisposeAsync();
        await Hub.DisposeAsync();
    }

    private ServiceQueryClient DisposeWithTest(ServiceQueryClient client)
    {
        _clients.Add(client);
        return client;
    }
}
