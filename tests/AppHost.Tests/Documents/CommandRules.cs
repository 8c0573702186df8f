using static AppHost.Tests.Documents.TestMode;

namespace AppHost.Tests.Documents;

/// <summary>
/// The rules for the commands of the pages. The first matching rule applies to a command. A command without a rule fails, and so does a
/// rule without a command. Commands that need a cloud account, Docker, Kubernetes, Java or a feed's key do not run; their rule gives the
/// reason.
/// </summary>
internal static class CommandRules
{
    private const string Cli = "(?:cloudticks|dotnet run --project src/CloudTicks.Cli --)";
    private const string Hub = "http://127.0.0.1:7071";

    /// <summary>
    /// Deletes the service that a page has registered, because no process reads its document. Then waits until the oldest tick is 15 s old,
    /// because the ticks of the last ten seconds are not reconciled.
    /// </summary>
    private const string UntilAllIsChecked = $"""
        curl -s -o /dev/null -X DELETE {Hub}/api/v1/services/mailer
        until [ "$(curl -s {Hub}/api/v1/symbols | jq '[.[].first_timestamp_ms] | min // now * 1000 | floor')" -lt "$(date -d '-15 sec' +%s000)" ]; do sleep 0.5; done
        """;

    private const string Json = "-s -o /dev/null -H 'Content-Type: application/json'";

    private const string Rollout =
        """
        {"operational":{"rollouts":[{"flag":"nasdaq","list":"nasdaq-100"}]},"feature_management":{"feature_flags":[{"id":"nasdaq","enabled":true,
        "conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":5}}}]}}]}}
        """;

    /// <summary>The exit code is 1 if the running system has no data for the command.</summary>
    private static readonly int[] ZeroOrOne = [0, 1];

    public static readonly IReadOnlyList<Rule> All =
    [
        new(@"alias cloudticks=.*|export (?:PGPASSFILE|CLOUDTICKS_LIB\w+)=.*|cd examples/grafana", State),
        new(@"mkdir -p infra/compose/certificates && cd infra/compose/certificates", State),

        // Commands that do not run here.
        new(@"(?:\w+=\S+ )*dotnet run --project AppHost(?: -- .*)?", Options) { Reason = "the running system was started like this" },
        new(@"cloudticks up --detach.*|cloudticks down", Present)
        {
            Reason = "PackedTests runs these commands",
            File = ("tests/AppHost.Tests/packed.sh", ["cloudticks up --detach", "cloudticks status", "cloudticks open", "cloudticks down"]),
        },
        new(@"dotnet test --solution CloudTicks\.sln", Present) { Reason = "this test is part of that run", File = ("CloudTicks.sln", []) },
        new(@"dotnet run --project tests/CloudTicks\.EventHub\.Tests .*", Present)
        {
            Reason = "CI runs this test",
            File = ("tests/CloudTicks.EventHub.Tests/Clients/KillLoopTests.cs", ["Kills_under_load"]),
        },
        new(@"CLOUDTICKS_CHAOS_ROUNDS=200 .*", Present)
        {
            Reason = "the command takes minutes; CI runs fewer rounds",
            File = ("tests/CloudTicks.Functions.Tests/Chaos/ChaosTests.cs", ["CLOUDTICKS_CHAOS_ROUNDS"]),
        },
        new(@"CLOUDTICKS_LOCK_SECONDS=60 .*", Present)
        {
            Reason = "the command takes a minute; CI runs it for fewer seconds",
            File = ("tests/CloudTicks.Functions.Tests/DatabaseOutageTests.cs", ["CLOUDTICKS_LOCK_SECONDS", "Locked_table"]),
        },
        new(@"CLOUDTICKS_KILL_ROUNDS=200 .*", Present)
        {
            Reason = "the command takes hours; CI runs fewer rounds",
            File = ("tests/AppHost.Tests/Kills/KilledPartsTests.cs", ["CLOUDTICKS_KILL_ROUNDS"]),
        },
        new(@"benchmarks/run.*", Present)
        {
            Reason = "the benchmarks need the whole machine for an hour", File = ("benchmarks/README.md", ["`cost`", "`latency`"]),
        },
        new(@"eng/pack.*", Present) { Reason = "it takes minutes; PackedTests runs it with --tool", File = ("eng/pack", ["--runtime"]) },
        new(@"(?:dotnet run --project src/)?CloudTicks\.(?:EventHub|Simulator) .*", Options) { Reason = "it starts another server" },
        new(@"POLYGON_API_KEY=\.\.\. dotnet run --project src/CloudTicks\.Cli -- stream .*|\.\.\. stream .*", Options)
        {
            Reason = "the command needs a key of the feed, or Redis",
        },
        new(@"cd src/CloudTicks\.Dashboard/web|npm run (?:check|build|compare)", Present)
        {
            Reason = "PageBundleTests builds the page, if the npm packages are installed",
            File = ("src/CloudTicks.Dashboard/web/package.json", ["\"check\"", "\"build\"", "\"compare\""]),
        },
        new(@"(?:POLYGON_API_KEY=\S+ )?azd .*|eval ""\$\(azd env get-values\)""|export CLOUDTICKS_HUB_KEY=\$\(az .*", Present)
        {
            Reason = "it needs an Azure subscription", File = ("infra/modules/secrets.bicep", ["'hub-writer-key'"]),
        },
        new(@"az storage blob .*", Present) { Reason = "it needs an Azure subscription", File = ("docs/replay.md", ["--from-capture"]) },
        new(@"docker compose .*|cd infra/compose|curl --cacert .*|export CLOUDTICKS_HUB=https:.*|SSL_CERT_FILE=.*", Present)
        {
            Reason = "it needs Docker; ScaleTests reads the file", File = ("infra/compose/compose.yaml", ["7443", "HUB_WRITER_KEY"]),
        },
        new(@"kubectl .*", Present)
        {
            Reason = "it needs a cluster; ScaleTests reads the files", File = ("infra/kubernetes/kustomization.yaml", ["dashboard.yaml"]),
        },
        new(@"kafka-console-consumer\.sh .*", Present)
        {
            Reason = "the command needs Java; the kcat command below it shows the same", File = ("examples/README.md", ["kcat -b"]),
        },
        new(@"nats sub .*", Present)
        {
            Reason = "Debian has no natscli package; live_ticks.py sends the same", File = ("examples/python/live_ticks.py", ["SUB {"]),
        },
        new(@"kcat -L -b hub\.example:9092 .*", Present)
        {
            Reason = "the command needs a hub with certificates on another machine; TlsTests start one",
            File = ("tests/CloudTicks.EventHub.Tests/Security/TlsTests.cs", []),
        },

        // The system.
        new(@"cloudticks logs -f", Start) { ExpectedOutput = @"^\w[\w-]* +\| " },
        new(@"cloudticks status", Run) { ExpectedOutput = " healthy$" },
        new(@"cloudticks open", Run) { ExpectedOutput = @"^http://127\.0\.0\.1:\d+/$" },
        new(@"cloudticks logs collector", Run) { ExpectedOutput = @"^collector +\| " },
        new(@"PGPASSFILE=\S+ psql .* cloudticks_simulated", Run)
        {
            Before = "exec <<< 'SELECT symbol, COUNT(*), MIN(timestamp_ms), MAX(timestamp_ms) FROM market_ticks GROUP BY symbol;'",
            ExpectedOutput = @"EURUSD +\|",
        },
        new(@"(?:PG\w+=\S+ )?psql .*-c "".*""", Run),
        new(@"openssl .*|export CLOUDTICKS_HUB(?:_WRITER)?_KEY=.*|df -h|printf .*|cat > .*", Run),
        new(@"cat /proc/.*", Run) { ExpectedOutput = "open files" },

        // Commands that read the archive and NATS.
        new(@"kcat .*-t tick_archive -f .*", Start) { ExpectedOutput = @"^tick_archive/\d+@\d+ \S*feed=simulated\S* \d+ bytes$" },
        new(@"kcat .*-t tick_archive -o -1 -c 1 .*", Run) { ExpectedOutput = @"^tick_archive/\d+@\d+ \d+ \d+ bytes$" },
        new(@"kcat .*-o beginning -c 1 .*", Run),
        new(@"kcat .*-o s@0 .* -e .*decode > ticks\.jsonl", Run),
        new(@"kcat .*-t tick_archive\.dead .*", Run) { ExitCodes = ZeroOrOne },
        new(@"kcat .* decode .*", Start) { ExpectedOutput = @"^\{""symbol"":""\w+" },
        new(@"\(printf .* nc .*", Start) { ExpectedOutput = @"^MSG ticks\.EURUSD 1 \d+" },
        new(@"protoc .*", Run),
        new(@"dotnet build src/CloudTicks\.Cli", Run),
        new(@"python3 examples/python/\w+\.py .*|dotnet run --project examples/csharp/\w+ -- .*|head -n 2 .*", Run),

        // HTTP.
        new(@"curl -d '\{""fault"".*", Run) { ExpectedOutput = @"^\{.*""fault"":" },
        new(@"curl -X POST http://127\.0\.0\.1:8100/api/v1/stop|curl -X DELETE \S+", Run),
        new(@"curl .*\$CLOUDTICKS_HUB.*", Run) { Before = $"CLOUDTICKS_HUB=127.0.0.1:7071", ExpectedOutput = @"\{|\[" },
        new(@"curl .*/health", Run) { ExpectedOutput = "^Healthy$" },
        new(@"curl .*gaps.*grep.*", Run) { ExitCodes = ZeroOrOne },
        new(@"curl .*\| jq .*", Run),
        new(@"curl .*format=csv.*", Run) { ExpectedOutput = @"^symbol,timestamp_ms,|^CloudTicks-Cursor: " },
        new(@"curl .*", Run) { ExpectedOutput = @"^[\[{]" },

        // Commands of the cloudticks program.
        new(@"cloudticks config diff 3 5", Run)
        {
            Before = $$$"""
                for rate in 6 7 8 9 10; do curl {{{Json}}} {{{Hub}}}/api/v1/config/polygon-live-collector \
                  -d '{"operational":{"rate_limit_per_second":'$rate'}}'; done
                """,
            ExpectedOutput = "rate_limit_per_second",
        },
        new(@"cloudticks symbols remove AAPL,MSFT", Run)
        {
            Before = $$$"""
                curl {{{Json}}} {{{Hub}}}/api/v1/config/polygon-live-collector \
                  -d '{"operational":{"symbols":["EURUSD","XAUUSD","AAPL","MSFT"]}}'
                """,
        },
        new(@"cloudticks services register mailer .*", Run)
        {
            Before = """
                echo '{"type":"object","properties":{"letters":{"type":"integer"}}}' > mailer.schema.json
                echo '{"letters":10}' > mailer.defaults.json
                """,
        },
        new(@"cloudticks keys revoke 0123456789ab", Run) { ExitCodes = ZeroOrOne, ExpectedOutput = "0123456789ab" },
        new(@"source <\(cloudticks completion bash\).*", Run),
        new(@"cloudticks watch .*", Start) { ExpectedOutput = "." },
        new(@"cloudticks tail .*", Start) { ExpectedOutput = "EURUSD" },
        new($"(?:\\w+=\\S+ )*{Cli} stream .*", Start) { ExpectedOutput = "." },
        new(@"cloudticks rollout (?:list nasdaq|set|pause) ?.*", Run)
        {
            Before = $"curl {Json} {Hub}/api/v1/config/polygon-live-collector -d '{Rollout}'",
            ExpectedOutput = "nasdaq",
        },
        // The exit code is 3 if another page has created that key.
        new(@"cloudticks keys create research --role reader", Run) { ExitCodes = [0, 3], ExpectedOutput = "research" },
        new($"{Cli} lake import .*", Options) { Reason = "the files are the reader's own; LakeImportCommandTests covers imports" },
        new($"{Cli} backfill .*", Run) { ExitCodes = ZeroOrOne, ExpectedOutput = @"^(?:filled|unfillable), [\d,]+ ticks, 100 %" },
        new(@"cloudticks replay --from-capture .*", Run)
        {
            Before = "mkdir -p captured", ExitCodes = ZeroOrOne, ExpectedOutput = "to table market_ticks",
        },
        new(@"cloudticks lake (?:status|repair).*|cloudticks verify --check lake", Present)
        {
            Reason = "the tests' system has no lake; LakeCommandsTests runs these commands",
            File = ("tests/CloudTicks.Cli.Tests/Lakes/LakeCommandsTests.cs", ["\"status\"", "\"repair\"", "\"--check\", \"lake\""]),
        },
        new(@"cloudticks verify", Run) { Before = UntilAllIsChecked, ExpectedOutput = "^10 checks: 10 passed" },
        new(@"cloudticks verify --check reconcile.*", Run)
        {
            Before = UntilAllIsChecked, ExitCodes = ZeroOrOne, ExpectedOutput = "reconcile",
            NotCompared = "the page shows the output of a system that has lost ticks",
        },
        new($"{Cli} .*", Run),
    ];
}
