using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying.Targets;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;

namespace CloudTicks.Cli.Replaying;

/// <summary><c>cloudticks replay</c>: sends ticks of the archive again, in order of their time, to NATS, a topic or the table.</summary>
internal static class ReplayCommand
{
    private const string Description = """
        Send ticks of the archive again, ordered by their time, including those that arrived late or were fetched later.

        The archive is read once up to its current end, the selected ticks are sorted (on disk above 48 MB), then delivered, each tick once.
        --to-table writes them to market_ticks and skips ticks that the table already has, also while StoreTicks writes. A missing table is
        created first. Without --from it skips ticks older than the retention window: the central hub's retention_days, else
        Timescale__RetentionWindow, else 3 days.
        --to-nats publishes them on ticks.{symbol} with "source":"replay", next to the live ticks; --subjects sets another prefix.
        --to-topic writes records with source replay. Each replay can be run again, however it ended.
        --from-capture reads a folder of Event Hubs Capture's files instead of the event hub, whose retention in Azure is a few days.
        The servers are those of ConnectionStrings__eventhubs, __nats and __timescale, else those of the AppHost of --data, of this folder,
        or the only one that is running; the command prints them first, and refuses to run if several match.
        Progress is on standard error. Exit code: 0 done; 1 failed, or records could not be read, standard error says which; 2 wrong usage
        or setting; 130 stopped.

        Examples:
          cloudticks replay --from 2025-01-27T16:00:00Z --to 2025-01-27T17:00:00Z --symbols EURUSD XAUUSD --to-nats --speed 10
          cloudticks replay --from 2025-01-27 --to-nats --subjects replay.ticks --speed max
          cloudticks replay --to-table --json
          cloudticks replay --from 2025-01-27 --to 2025-01-28 --symbols 'BTC-*' --to-topic backtest
          cloudticks replay --from-capture ./captured --from 2025-01-27 --to-table
        """;

    private static readonly TickSelectionOptions Ticks = new();

    private static readonly Option<bool> ToNats = new("--to-nats") { Description = "Publish the ticks on NATS" };

    private static readonly Option<string> ToTopic =
        new("--to-topic") { Description = "Write the ticks to this topic of the event hub; created if missing", HelpName = "name" };

    private static readonly Option<bool> ToTable = new("--to-table") { Description = "Write the ticks to the table market_ticks" };

    private static readonly Option<bool> AllowTickArchive = new("--even-tick-archive")
    {
        Description = "Allow --to-topic tick_archive, which permanently stores every tick a second time",
    };

    private static readonly Option<string> Subjects = new("--subjects")
    {
        Description = "The prefix of the subjects of --to-nats",
        DefaultValueFactory = _ => TickSubject.Prefix,
        HelpName = "prefix",
    };

    private static readonly Option<double?> Speed = new("--speed")
    {
        Description = "1 (original speed), 60 (a minute per second), 0.5 (half speed), or max [default: 1 for --to-nats, else max]",
        HelpName = "factor",
        CustomParser = ParseSpeed,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the summary as one line of JSON" };

    public static Command Create()
    {
        var command =
            new Command("replay", Description) { ToNats, ToTopic, ToTable, Speed, Subjects, AllowTickArchive, Json, TargetSystem.Data };
        foreach (var option in Ticks.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private static Task<int> RunAsync(ParseResult result)
    {
        var selection = Ticks.Selection(result);
        var isLimited = result.GetValue(ToTable) && !Ticks.HasFrom(result);
        var servers = new Servers(TargetSystem.Of(result, isChange: true));
        var speed = result.GetValue(Speed) ?? (result.GetValue(ToNats) ? 1 : double.PositiveInfinity);
        return ReplaySession.RunAsync(
            servers, () => Target(result, servers), Ticks.Capture(result), stop => isLimited ? LimitToWindowAsync(selection, servers, stop)
                : Task.FromResult(selection), Ticks.SortingOptions(result), speed,
            result.GetValue(Json), Console.Out, TimeProvider.System);
    }

    /// <summary>Limits the selection to the retention window.</summary>
    private static async Task<TickSelection> LimitToWindowAsync(
        TickSelection selection, Servers servers, CancellationToken cancellationToken)
    {
        await using var database = servers.Timescale(DatabaseRole.Writer);
        if (await TableWindow.ReadAsync(database, TimeProvider.System, cancellationToken) is not { } window)
        {
            return selection;
        }

        var oldest = TimeProvider.System.GetUtcNow() - window;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Replaying ticks since {oldest:yyyy-MM-ddTHH:mm:ssZ} (retention of {window.TotalDays:0.##} days); see --from."));
        return selection with { FromMs = oldest.ToUnixTimeMilliseconds() };
    }

    private static IReplayTarget Target(ParseResult result, Servers servers)
    {
        var isFromArchive = Ticks.Capture(result) is null;
        if (result.GetValue(ToTable))
        {
            servers.Announce(isFromArchive, servers.TablePlace());
            return new TableTarget(
                servers.Timescale(DatabaseRole.Owner), servers.Timescale(DatabaseRole.Writer), TimeProvider.System, Console.Error);
        }

        if (result.GetValue(ToTopic) is { } topic)
        {
            servers.Announce(isFromArchive: true);
            return new TopicTarget(servers.EventStream(), topic, TimeProvider.System);
        }

        servers.Announce(isFromArchive, servers.NatsPlace());
        return new NatsTarget(servers.Nats(), result.GetValue(Subjects)!, TimeProvider.System, Console.Error);
    }

    private static void Check(CommandResult result)
    {
        // Read the tokens, not the value: reading the value of an option that is given twice would fail.
        var topic = Text(result, ToTopic);
        Option[] targets = [ToNats, ToTable, ToTopic];
        if (targets.Count(target => result.GetResult(target) is { Implicit: false }) != 1)
        {
            result.AddError("Name exactly one target: --to-nats, --to-topic NAME or --to-table.");
        }

        if (topic == TopicNames.TickArchive && result.GetResult(AllowTickArchive) is not { Implicit: false })
        {
            result.AddError(
                "--to-topic: tick_archive is the source; to permanently store its ticks there a second time, add --even-tick-archive.");
        }
        else if (topic == TopicNames.DeadLetters)
        {
            result.AddError("--to-topic: tick_archive.dead holds dead letters, not ticks.");
        }

        var prefix = Text(result, Subjects) ?? TickSubject.Prefix;
        if (prefix.Split('.').Any(token => token.Length == 0 || token.Any(c => c <= ' ' || c is '*' or '>')))
        {
            result.AddError(
                $"--subjects: '{prefix}' is not a prefix of subjects: use tokens separated by dots, without blanks, '*' or '>'.");
        }

        Ticks.Check(result);
    }

    private static string? Text(CommandResult result, Option option) =>
        result.GetResult(option) is { Tokens: [var token, ..] } ? token.Value : null;

    private static double? ParseSpeed(ArgumentResult result)
    {
        if (ReplayPace.TryParse(result.Tokens[0].Value, out var speed))
        {
            return speed;
        }

        result.AddError($"--speed: '{result.Tokens[0].Value}' is neither max nor a factor up to 1000000, such as 1, 60 or 0.5.");
        return null;
    }
}
