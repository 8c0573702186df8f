using System.CommandLine;
using System.CommandLine.Parsing;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Lakes;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Sql;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale.Roles;
using CloudTicks.Verification.Places;
using CloudTicks.Verification.SystemParts;
using Npgsql;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Verifying;

/// <summary>The servers to check, from the options, else the environment, else the running AppHost, else the default ports.</summary>
internal sealed class VerifyTargets : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private const int NatsPort = 4222;
    private const int MonitorPort = 8222;

    private static readonly Uri DefaultSimulator = new("http://127.0.0.1:8100/");

    private static readonly CollectorOption Collector = new(
        "The collectors' hosts and ports [default: AppHost's, else 127.0.0.1:8000]", several: true);

    private static readonly Option<Uri?> Simulator = ServerOption(
        new Option<Uri?>("--simulator"),
        "The host and port of the simulator whose tick counts are compared [default: AppHost's, else 127.0.0.1:8100]",
        result => CollectorOption.Parse(result, result.Tokens[0].Value));

    private static readonly Option<string?> Database = new("--db")
    {
        Description =
            "The database's Npgsql connection string (keep a password in PGPASSFILE) [default: ConnectionStrings__timescale_reader, else "
                + "ConnectionStrings__timescale, else AppHost's]",
        HelpName = "string",
    };

    private static readonly Option<string?> Nats = new("--nats")
    {
        Description = "NATS [default: ConnectionStrings__nats, else AppHost's, else 127.0.0.1:4222]",
        HelpName = "address",
    };

    private static readonly Option<string?> EventHub = new("--event-hub")
    {
        Description = "The event hub [default: ConnectionStrings__eventhubs, else AppHost's, else 127.0.0.1:9092]",
        HelpName = "host:port",
    };

    private static readonly Option<Uri[]> NatsMonitor = ServerOption(
        new Option<Uri[]>("--nats-monitor")
        {
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        },
        "The monitors of NATS' nodes (nats-server's HTTP port) [default: AppHost's, or port 8222 of servers with port 4222]",
        CollectorOption.ParseAll);

    private VerifyTargets(OperatedSystem system, RunningSystem? runningAppHost) =>
        (OperatedSystem, RunningAppHost) = (system, runningAppHost);

    public static void AddTo(Command command)
    {
        command.Add(HubOptions.Address);
        Collector.AddTo(command);
        foreach (var option in (Option[])[
            Simulator, Database, Nats, NatsMonitor, EventHub, LakeCommand.Folder, TargetSystem.Data,
        ])
        {
            command.Add(option);
        }
    }

    public OperatedSystem OperatedSystem { get; }

    /// <summary>The running AppHost; null when there is none.</summary>
    public RunningSystem? RunningAppHost { get; }

    /// <summary>Finds the servers.</summary>
    /// <exception cref="FormatException">
    /// A setting is invalid, a server cannot be determined, or the key would be sent without encryption.
    /// </exception>
    public static VerifyTargets Of(ParseResult result, TimeProvider time)
    {
        var target = TargetSystem.Of(result, isChange: false);
        var servers = new Servers(target);
        var runningAppHost = target.RunningAppHost;
        var named = result.GetValue(HubOptions.Address);
        var collectors = target.Collectors(Collector.Read(result), CollectorOption.Name, named);
        var simulator = result.GetValue(Simulator) ?? (runningAppHost is not null ? runningAppHost.Simulator : DefaultSimulator);
        var nats = servers.Nats(result.GetValue(Nats), Nats.Name);
        var usesAppHostNats = runningAppHost is { NatsMonitors.Count: > 0, Nats: { } own }
            && nats.Servers.SequenceEqual(NatsConnectionSettings.Parse(own).Servers);
        // For an absent option that accepts several values, the parser returns an empty array, not null.
        var monitors = result.GetValue(NatsMonitor) is { Length: > 0 } given ? given
            : usesAppHostNats ? [.. runningAppHost!.NatsMonitors] : DefaultMonitors(nats);
        var (table, problem) = Table(result.GetValue(Database), runningAppHost);
        return new VerifyTargets(
            new OperatedSystem
            {
                Collectors = [.. collectors.Select(place => CreateClient("collector", place.Address, time))],
                Hub = CreateClient("hub", target.Hub(named).Address, time),
                Simulator = simulator is null ? null : new ServiceQueryClient("simulator", simulator, null, MaxWait, time),
                Table = table,
                TableProblem = problem,
                Stream = servers.EventStream(result.GetValue(EventHub), EventHub.Name),
                FollowsHub = runningAppHost?.FollowsHub ?? true,
                Nats = nats,
                NatsMonitors = monitors,
                Lake = Lake(result.GetValue(LakeCommand.Folder), target),
                AreNatsMonitorsKnown = usesAppHostNats || result.GetResult(NatsMonitor) is not null,
                Time = time,
            },
            runningAppHost);
    }

    public void Dispose()
    {
        foreach (var service in OperatedSystem.Collectors.Append(OperatedSystem.Hub).Append(OperatedSystem.Simulator))
        {
            service?.Dispose();
        }

        OperatedSystem.Table?.Dispose();
    }

    private static string? Lake(string? named, TargetSystem target)
    {
        try
        {
            return LakeLocation.FindAddress(named) ?? LakeLocation.Find(named, target);
        }
        catch (FormatException) when (named is null && Environment.GetEnvironmentVariable(LakeLocation.Variable) is null or "")
        {
            // No system runs, and there are several lakes.
            return null;
        }
    }

    private static Uri[] DefaultMonitors(NatsConnectionSettings nats) =>
        [.. nats.Servers.Select(server => new Uri(server)).Where(server => server.Port == NatsPort)
            .Select(server => new UriBuilder(Uri.UriSchemeHttp, server.Host, MonitorPort).Uri)];

    private static ServiceQueryClient CreateClient(string part, Uri address, TimeProvider time) =>
        new(part, address, ServiceKey.OfEnvironment(), MaxWait, time);

    private static (NpgsqlDataSource? Table, string Problem) Table(string? given, RunningSystem? runningAppHost)
    {
        if ((given ?? Servers.Setting(DatabaseConnections.ReaderName) ?? Servers.Setting(DatabaseConnections.Name)) is not { } text)
        {
            return runningAppHost?.Database is { } place
                ? (Source(place.Settings()), "")
                : (null, runningAppHost is null ? "The address of the database is unknown: no AppHost is running here."
                    : "The address of the database is unknown: AppHost was started with your own server.");
        }

        try
        {
            return (Source(new NpgsqlConnectionStringBuilder(text)), "");
        }
        catch (ArgumentException exception)
        {
            // Npgsql's message may contain part of a password.
            throw new FormatException(
                "The database's connection string is invalid; use Host=...;Port=5433;Database=...;Username=... with PGPASSFILE, or "
                    + "with Password=...", exception);
        }
    }

    /// <summary>Creates a read-only data source, so that a check cannot change anything.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings)
    {
        settings.ApplicationName = "cloudticks verify";
        settings.Timeout = Math.Min(settings.Timeout, (int)MaxWait.TotalSeconds);
        settings.Options = $"{settings.Options} -c default_transaction_read_only=on -c lock_timeout=5s".TrimStart();
        return RoleSource.Create(settings, DatabaseRole.Reader);
    }

    private static Option<T> ServerOption<T>(Option<T> option, string description, Func<ArgumentResult, T?> parse)
    {
        option.Description = description;
        option.HelpName = "host:port";
        option.CustomParser = parse;
        return option;
    }
}
